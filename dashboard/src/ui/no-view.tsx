import type { JSX } from 'preact'
import { useApp } from './state/app-state.ts'

/** For a role that sees no pumps: says so instead of an empty wall that looks like "no alarms". */
export const NoView = (): JSX.Element => {
  const app = useApp()
  const { words } = app
  return (
    <main class="sign-in">
      <div class="sign-in-column">
        <p class="product">{words.product}</p>
        <h1>{words.noView.title}</h1>
        <p>{words.noView.body}</p>
        <button class="btn" onClick={() => void app.signOut()}>
          {words.user.signOut}
        </button>
        <p class="statement">{words.notMedicalDevice}</p>
      </div>
    </main>
  )
}
