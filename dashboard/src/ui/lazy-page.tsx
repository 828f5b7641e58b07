import { signal } from '@preact/signals'
import { h } from 'preact'
import type { ComponentType, JSX } from 'preact'
import { bringLostStyles } from './lost-styles.ts'
import { useApp } from './state/app-state.ts'

/** A screen in a file of its own, fetched when somebody first goes there: the wall alone comes with the page. */
export const lazyPage = <P extends object = object>(
  load: () => Promise<ComponentType<P>>,
  /** Quiet: a detail of a screen, which is there without it. */
  { quiet = false }: { readonly quiet?: boolean } = {},
): ComponentType<P> => {
  const loaded = signal<{ readonly page: ComponentType<P> } | 'failed' | null>(null)
  let asked = false
  const ask = (missing: () => void): void => {
    if (asked) return
    asked = true
    bringLostStyles()
      .then(load)
      .then(
        (page) => (loaded.value = { page }),
        () => {
          asked = false
          loaded.value = 'failed'
          missing()
        },
      )
  }
  const LazyPage = (props: P): JSX.Element | null => {
    const { update } = useApp()
    const now = loaded.value
    if (now === null) {
      ask(() => {
        if (quiet) update.partMissing.value = true
      })
      return quiet ? null : <Loading />
    }
    if (now === 'failed') return quiet ? null : <Failed again={() => ask(() => void update.missed())} />
    return h(now.page, props)
  }
  return LazyPage
}

const Loading = (): JSX.Element => {
  const { words } = useApp()
  return (
    <p class="empty" role="status" data-testid="screen-loading">
      {words.screenLoading}
    </p>
  )
}

const Failed = ({ again }: { readonly again: () => void }): JSX.Element => {
  const { words } = useApp()
  return (
    <div class="notice" role="alert" data-testid="screen-failed">
      <p>{words.screenFailed}</p>
      <button type="button" class="btn" onClick={again}>
        {words.tryAgain}
      </button>
    </div>
  )
}
