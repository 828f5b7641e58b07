import { rosterWords } from '#dashboard/core/roster-words.ts'
import './styles/roster.css'
import { useSignal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { parseView, plainView, queryOf } from '#dashboard/core/roster-view.ts'
import type { RosterView } from '#dashboard/core/roster-view.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { AssignBar } from './roster-assign.tsx'
import { RosterBar } from './roster-bar.tsx'
import { RosterGrid } from './roster-grid.tsx'
import { RosterList } from './roster-list.tsx'
import { useApp } from './state/app-state.ts'
import { AssignModel } from './state/assign-model.ts'
import { RosterModel } from './state/roster-model.ts'

/** Where a row has no room for columns. */
const phone = '(max-width: 640px)'

const useIsPhone = (): boolean => {
  const matches = useSignal(matchMedia(phone).matches)
  useEffect(() => {
    const media = matchMedia(phone)
    const follow = (): void => void (matches.value = media.matches)
    media.addEventListener('change', follow)
    return () => media.removeEventListener('change', follow)
  }, [matches])
  return matches.value
}

/** Replaced, not added: the way back leads to the screen before the list. */
const goTo = (view: RosterView): void => {
  const query = queryOf(view)
  location.replace(routeTo(query === '' ? { name: 'pumps' } : { name: 'pumps', query }))
}

/** Which pump is meant? Every pump there is, searched and sorted by the server. */
export const PumpsPage = (): JSX.Element => {
  const app = useApp()
  const { link } = app
  const words = app.wordsWith(rosterWords)
  const screen = app.screen.value
  const query = screen.name === 'pumps' ? screen.query : undefined
  const view = useMemo(() => parseView(query), [query])
  const roster = useMemo(() => new RosterModel(link, parseView(query)), [link])
  const assign = useMemo(() => new AssignModel(link), [link])
  const host = useRef<HTMLElement>(null)
  const isPhone = useIsPhone()
  useEffect(() => {
    const isTouched = (): boolean =>
      host.current?.querySelector('.roster-rows:hover, .roster-rows :focus, .roster-rows:focus') != null
    return roster.start(isTouched)
  }, [roster])
  useEffect(() => roster.show(view), [roster, view])
  const told = roster.told.value
  const Rows = isPhone ? RosterList : RosterGrid
  return (
    <section class="roster" aria-labelledby="roster-title" ref={host}>
      <RosterBar roster={roster} assign={assign} view={view} goTo={goTo} isPhone={isPhone} />
      <Notes roster={roster} view={view}>
        {!isPhone && <AssignBar assign={assign} roster={roster} />}
      </Notes>
      {told === null ? (
        roster.failed.value ? (
          <Failed roster={roster} />
        ) : (
          <p class="hint" role="status">
            {words.roster.loading}
          </p>
        )
      ) : told.matched === 0 ? (
        <div class="empty" data-testid="roster-empty">
          <p class="empty-title">{words.roster.empty}</p>
          <button
            class="btn"
            onClick={() => {
              roster.find('')
              goTo({ ...plainView, hidden: view.hidden })
            }}
          >
            {words.roster.clear}
          </button>
        </div>
      ) : (
        <Rows roster={roster} assign={assign} view={view} goTo={goTo} count={told.matched} />
      )}
    </section>
  )
}

interface NotesProps {
  readonly roster: RosterModel
  readonly view: RosterView
  readonly children: ComponentChildren
}

/** What the list does not hold, and how old its order is. */
const Notes = ({ roster, view, children }: NotesProps): JSX.Element | null => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(rosterWords)
  const told = roster.told.value
  if (told === null) return null
  const { filter } = view
  const silent = told.untold > 0 && (filter === 'ending' || filter === 'battery' || filter === 'supply')
  const at = formats.value.momentSeconds(told.serverTime, app.live.now.value ?? told.serverTime)
  return (
    <div class="roster-notes">
      {children}
      {roster.failed.value && (
        <p class="notice" role="status" data-testid="roster-kept">
          {words.roster.kept(at)}{' '}
          <button class="btn" onClick={() => roster.refresh()}>
            {words.roster.again}
          </button>
        </p>
      )}
      {silent && (
        <p class="notice" data-testid="roster-untold">
          {words.roster.untold[filter](told.untold)}
        </p>
      )}
    </div>
  )
}

const Failed = ({ roster }: { readonly roster: RosterModel }): JSX.Element => {
  const words = useApp().wordsWith(rosterWords)
  return (
    <div class="notice" role="alert">
      <p>{words.roster.failed}</p>
      <button class="btn" onClick={() => roster.refresh()}>
        {words.roster.again}
      </button>
    </div>
  )
}
