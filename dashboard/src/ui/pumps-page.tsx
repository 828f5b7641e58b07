import type { JSX } from 'preact'
import { PumpTiles } from './pump-tiles.tsx'
import { useApp } from './state/app-state.ts'

export const PumpsPage = (): JSX.Element => {
  const app = useApp()
  return (
    <section class="pumps-page" aria-labelledby="pumps-title">
      <h2 id="pumps-title">{app.words.wall.allPumps(app.formats.value.count(app.live.pumps.value.length))}</h2>
      <PumpTiles />
    </section>
  )
}
