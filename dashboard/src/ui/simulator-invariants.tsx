import type { JSX } from 'preact'
import { simulatorWords } from '#dashboard/core/simulator-words.ts'
import { age } from '#dashboard/core/format.ts'
import { invariantNames } from '#dashboard/core/simulator-invariants.ts'
import type { Finding } from '#dashboard/core/simulator-invariants.ts'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import type { SimulatorModel } from './state/simulator-model.ts'

const mostShown = 5

interface InvariantsProps {
  readonly model: SimulatorModel
  readonly paused: boolean
}

/** Pumps as they are against what this screen shows, judged anew each second. */
export const SimulatorInvariants = ({ model, paused }: InvariantsProps): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(simulatorWords).sim
  return (
    <section class="card sim-invariants" aria-labelledby="sim-invariants">
      <h2 id="sim-invariants">{text.invariants}</h2>
      <p class="second">{paused ? text.paused : text.invariantsNote}</p>
      <ul>
        {invariantNames.map((name) => {
          const findings = model.findings.value.filter((one) => one.name === name)
          const broken = findings.filter((one) => one.broken)
          const is = broken.length > 0 ? 'broken' : findings.length > 0 ? 'settling' : 'holds'
          return (
            <li key={name} data-testid="invariant" data-name={name} data-is={paused ? 'paused' : is}>
              <p>
                {text.invariant[name]}
                <b class={is === 'broken' ? 'chip worst' : ''}>{verdict(app, is, findings, broken)}</b>
              </p>
              {findings.slice(0, mostShown).map((one) => (
                <span key={`${one.pumpId} ${one.code}`} class="second">
                  {text.finding(one.pumpId, one.code ?? '', age(one.forMs))}
                </span>
              ))}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

const verdict = (
  app: AppState,
  is: 'broken' | 'settling' | 'holds',
  findings: readonly Finding[],
  broken: readonly Finding[],
): string => {
  const { sim } = app.wordsWith(simulatorWords)
  switch (is) {
    case 'broken':
      return sim.broken(broken.length)
    case 'settling':
      return sim.settling(findings.length)
    case 'holds':
      return sim.holds
  }
}
