import './styles/admin-list.css'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { placesOf } from '#dashboard/core/places.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { pages } from './pages.tsx'
import { Rail } from './rail.tsx'
import { useApp } from './state/app-state.ts'
import { UserMenu } from './user-menu.tsx'

/** For administrators, who see no pump and hear no alarm: this says so on every screen. */
export const AdminShell = (): JSX.Element => {
  const app = useApp()
  const { words } = app
  const { name } = app.screen.value
  const own = placesOf('admin')
  const here = own.find((place) => place.name === name)
  useEffect(() => {
    const [first] = own
    if (here === undefined && first !== undefined) location.replace(routeTo({ name: first.name }))
  }, [here, own])
  const Page = here === undefined ? undefined : pages[here.name]
  return (
    <div class="shell admin">
      <Rail />
      <div class="page">
        <header class="status-bar">
          <h1>{here !== undefined && words.screens[here.name]}</h1>
          <p class="admin-note">{words.noView}</p>
          <span class="spacer" />
          <UserMenu />
        </header>
        <main id="content" class="content" tabIndex={-1}>
          {Page !== undefined && <Page />}
        </main>
        <footer class="statement">{words.notMedicalDevice}</footer>
      </div>
    </div>
  )
}
