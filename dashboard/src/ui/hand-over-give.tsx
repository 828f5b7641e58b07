import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Person } from '#domain/live/views.ts'
import { handOverWords } from '#dashboard/core/hand-over-words.ts'
import { mineOf } from '#dashboard/core/hand-over-sheet.ts'
import { useApp } from './state/app-state.ts'
import type { HandOverModel } from './state/hand-over-model.ts'

/** Offers everything of one's own to a colleague, and keeps an eye on pumps that do not ring. */
export const HandOverGive = ({ model }: { readonly model: HandOverModel }): JSX.Element | null => {
  const app = useApp()
  const text = app.wordsWith(handOverWords).shift
  const sheet = model.sheet.value
  if (sheet === null) return null
  const mine = mineOf(sheet, app.me.value?.userId ?? null)
  const has = mine.alarms.length + mine.watches.length > 0
  return (
    <section class="card give" aria-labelledby="give-title">
      <h2 id="give-title">{text.give}</h2>
      {has ? <p>{text.giveWhat(mine.alarms.length, mine.watches.length)}</p> : <p>{text.giveNothing}</p>}
      {mine.offeredTo.length > 0 ? (
        <>
          <p class="notice">{text.giveWaits(mine.offeredTo.join(', '))}</p>
          <button
            class="btn"
            data-testid="take-back"
            disabled={app.live.frozen.value || model.sending.value}
            onClick={() => void model.takeBack()}
          >
            {text.giveBack}
          </button>
        </>
      ) : (
        has && <Offer model={model} />
      )}
      <WatchForm model={model} />
    </section>
  )
}

const Offer = ({ model }: { readonly model: HandOverModel }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(handOverWords).shift
  const colleagues = useSignal<readonly Person[]>([])
  const to = useSignal('')
  useEffect(() => {
    const ask = async (): Promise<void> => {
      const got = await app.link.request<'colleagues'>({ what: 'colleagues' })
      if (got.ok) colleagues.value = got.body.filter(({ userId }) => userId !== app.me.peek()?.userId)
    }
    void ask()
  }, [])
  const submit = (event: Event): void => {
    event.preventDefault()
    const heir = colleagues.value.find(({ userId }) => userId === to.value)
    if (heir !== undefined) void model.offer(heir.userId)
  }
  return (
    <form class="give-form" onSubmit={submit} data-testid="offer-form">
      <label class="field">
        <span>{text.giveTo}</span>
        <select value={to.value} onChange={(event) => (to.value = event.currentTarget.value)} required>
          <option value="">{text.choose}</option>
          {colleagues.value.map((person) => (
            <option key={person.userId} value={person.userId}>
              {person.name}
            </option>
          ))}
        </select>
      </label>
      <button class="btn primary" disabled={app.live.frozen.value || model.sending.value}>
        {app.live.frozen.value ? app.words.notLive.noLink : text.giveSubmit}
      </button>
    </form>
  )
}

const mostSuggested = 20

const WatchForm = ({ model }: { readonly model: HandOverModel }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(handOverWords).shift
  const name = useSignal('')
  const note = useSignal('')
  const unknown = useSignal(false)
  const wanted = name.value.trim().toLowerCase()
  const fits = app.live.pumps.value.filter(
    ({ id, label }) => id.toLowerCase().includes(wanted) || label.toLowerCase().includes(wanted),
  )
  const watch = async (): Promise<void> => {
    const exact = fits.find(({ id, label }) => id.toLowerCase() === wanted || label.toLowerCase() === wanted)
    const pump = exact ?? (fits.length === 1 ? fits[0] : undefined)
    unknown.value = pump === undefined || wanted === ''
    if (pump === undefined || wanted === '') return
    if (!(await model.watch(pump.id, note.value))) return
    name.value = ''
    note.value = ''
  }
  const submit = (event: Event): void => {
    event.preventDefault()
    void watch()
  }
  return (
    <details class="watch-form opens">
      <summary>{text.watchTitle}</summary>
      <form class="give-form" onSubmit={submit} data-testid="watch-form">
        <label class="field">
          <span>{text.watchPump}</span>
          <input
            list="watch-pumps"
            value={name.value}
            autocomplete="off"
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
        </label>
        <datalist id="watch-pumps">
          {fits.slice(0, mostSuggested).map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </datalist>
        <label class="field">
          <span>{text.watchNote}</span>
          <textarea
            rows={2}
            maxLength={500}
            value={note.value}
            onInput={(event) => (note.value = event.currentTarget.value)}
          />
        </label>
        {unknown.value && <p role="alert">{text.watchUnknown}</p>}
        <button class="btn" disabled={app.live.frozen.value}>
          {text.watchAdd}
        </button>
      </form>
    </details>
  )
}
