import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { timer } from '#dashboard/core/format.ts'
import { AlarmGlyph } from './alarm-glyph.tsx'
import { AlarmOwner } from './alarm-owner.tsx'
import { whereOf } from './alarm-place.ts'
import { SlideToTake } from './slide-to-take.tsx'
import { sheetWords } from '#dashboard/core/sheet-words.ts'
import { useApp } from './state/app-state.ts'

const phone = '(max-width: 640px)'

/** On a phone a High that arrives while the app is open covers it: what, where, and taking it by one deliberate movement. */
export const HighSheet = (): JSX.Element | null => {
  const app = useApp()
  const { live } = app
  const waiting = useSignal<readonly EpisodeId[]>([])
  useEffect(
    () =>
      live.onAlarms((before, after) => {
        if (!matchMedia(phone).matches || isTyping()) return
        const news = [...after.values()].filter((alarm) => !before.has(alarm.episodeId) && isUnownedHigh(alarm))
        if (news.length > 0) waiting.value = [...waiting.peek(), ...news.map(({ episodeId }) => episodeId)]
      }),
    [live, waiting],
  )
  const open = waiting.value.flatMap((id) => live.alarms.value.get(id) ?? []).filter(isUnownedHigh)
  const [alarm] = open
  if (alarm === undefined || !app.mayAct.value) return null
  return <Sheet key={alarm.episodeId} alarm={alarm} more={open.length - 1} close={() => (waiting.value = [])} />
}

const isUnownedHigh = (alarm: AlarmView): boolean =>
  alarm.priority === 'high' && alarm.confirmed && alarmLook(alarm, null).group === 'unowned'

/** Whoever writes is not interrupted; the row and the sound are there all the same. */
const isTyping = (): boolean => {
  const active = document.activeElement
  return (
    document.querySelector('dialog[open]') !== null ||
    (active instanceof HTMLElement && active.matches('input, textarea, select'))
  )
}

interface SheetProps {
  readonly alarm: AlarmView
  readonly more: number
  readonly close: () => void
}

const Sheet = ({ alarm, more, close }: SheetProps): JSX.Element => {
  const app = useApp()
  const { live } = app
  const words = app.wordsWith(sheetWords)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const opened = dialog.current
    opened?.showModal()
    return () => opened?.close()
  }, [])
  const look = alarmLook(alarm, null)
  const now = live.now.value
  const command = app.commands.looks.value.get(alarm.episodeId)
  return (
    <dialog
      ref={dialog}
      class="high-sheet is-high"
      aria-label={words.sheet.label}
      data-testid="high-sheet"
      onClose={close}
    >
      <div class="sheet-head">
        <AlarmGlyph
          priority="high"
          look={look}
          label={words.row.glyph(words.priority.high, words.row.state[look.status])}
          size={48}
        />
        <span class="sheet-timer">{now === null ? '–' : timer(now - alarm.startedAt)}</span>
      </div>
      <p class="sheet-where">{whereOf(app, alarm)}</p>
      <p class="sheet-name">{words.alarm[alarm.code].name}</p>
      <p class="second">{words.alarm[alarm.code].consequence}</p>
      <AlarmOwner alarm={alarm} look={look} />
      {more > 0 && <p class="hint">{words.sheet.more(more)}</p>}
      <SlideToTake
        sending={command?.step === 'sending'}
        off={live.frozen.value}
        take={() => void app.commands.send(alarm, { kind: 'accept' })}
      />
      <div class="sheet-acts">
        <button
          class="btn"
          data-testid="sheet-escalate"
          disabled={live.frozen.value}
          onClick={() => (app.queue.dialog.value = { name: 'escalate', alarm })}
        >
          {words.row.escalate}
        </button>
        <button class="btn" data-testid="sheet-later" onClick={close}>
          {words.sheet.later}
        </button>
      </div>
    </dialog>
  )
}
