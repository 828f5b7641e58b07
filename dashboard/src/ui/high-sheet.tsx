import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { timer } from '#dashboard/core/format.ts'
import { AlarmGlyph } from './alarm-glyph.tsx'
import { AlarmOwner } from './alarm-owner.tsx'
import { whereOf } from './alarm-place.ts'
import { SlideToTake } from './slide-to-take.tsx'
import { sheetWords } from '#dashboard/core/sheet-words.ts'
import { useApp } from './state/app-state.ts'

/** On a phone a High that arrives while the app is open covers it, on every screen: what, where, and taking it by one deliberate movement. */
export const HighSheet = (): JSX.Element | null => {
  const { live, highs, mayAct } = useApp()
  const isOpen = useRef(false)
  const waiting = highs.waiting.value
  const [alarm] = waiting
  if (alarm === undefined || !mayAct.value) {
    isOpen.current = false
    return null
  }
  if (!isOpen.current) {
    // Whoever writes is not interrupted: looked at again every second.
    void live.clock.value
    if (isTyping()) return null
    isOpen.current = true
  }
  return <Sheet key={alarm.episodeId} alarm={alarm} more={waiting.length - 1} close={() => highs.putBack()} />
}

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
