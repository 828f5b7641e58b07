import '@fontsource-variable/atkinson-hyperlegible-next/wght.css'
import './ui/styles/tokens.css'
import './ui/styles/base.css'
import './ui/styles/shell.css'
import './ui/styles/wall.css'
import './ui/styles/tiles.css'
import './ui/styles/forms.css'
import './ui/styles/narrow.css'
import { render } from 'preact'
import { WebAudioDesk } from './adapters/audio/audio-desk.ts'
import { startServerLink } from './adapters/link/server-link.ts'
import { BrowserPushDesk } from './adapters/push/browser-push-desk.ts'
import { App } from './ui/app.tsx'
import { AppContext, AppState } from './ui/state/app-state.ts'
import { openUrgent } from './ui/state/open-urgent.ts'

const app = new AppState(startServerLink(), new WebAudioDesk(), new BrowserPushDesk())
openUrgent(app)
const root = document.getElementById('app')
if (root !== null)
  render(
    <AppContext.Provider value={app}>
      <App />
    </AppContext.Provider>,
    root,
  )
