import type { ComponentChildren, JSX } from 'preact'
import { Banners } from './banners.tsx'
import { useFocusKept } from './focus-kept.ts'
import { lazyPage } from './lazy-page.tsx'
import { NotLiveBand } from './not-live.tsx'
import { PageMarks } from './page-marks.ts'
import { Rail } from './rail.tsx'
import { useShellKeys } from './shell-keys.ts'
import { useApp } from './state/app-state.ts'
import { StatusBar } from './status-bar.tsx'

const HelpDialog = lazyPage(async () => (await import('./help-dialog.tsx')).HelpDialog)
const ReadinessDialog = lazyPage(async () => (await import('./readiness-dialog.tsx')).ReadinessDialog)

/** Rail (tabs on a phone), status bar, banners; the screen itself is the child. */
export const Shell = ({ children }: { readonly children: ComponentChildren }): JSX.Element => {
  const app = useApp()
  const { words } = app
  useShellKeys()
  useFocusKept()
  return (
    <div class={`shell ${app.live.frozen.value ? 'frozen' : ''}`} data-live={app.live.link.value}>
      <a class="skip" href="#content" onClick={(event) => skip(event)}>
        {words.skipToContent}
      </a>
      <PageMarks />
      <Rail />
      <div class="page">
        <NotLiveBand />
        <Banners />
        <StatusBar />
        <main id="content" class="content" tabIndex={-1}>
          {children}
        </main>
        <footer class="statement">{words.notMedicalDevice}</footer>
      </div>
      {app.readiness.open.value && <ReadinessDialog />}
      {app.helpOpen.value && <HelpDialog close={() => (app.helpOpen.value = false)} />}
    </div>
  )
}

// The address after `#` is the screen's, so the link moves the focus itself.
const skip = (event: Event): void => {
  event.preventDefault()
  document.getElementById('content')?.focus()
}
