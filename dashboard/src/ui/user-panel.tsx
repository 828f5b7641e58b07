import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { languageIds } from '#dashboard/core/languages.ts'
import { themeChoices } from '#dashboard/core/theme.ts'
import { KeysSwitch } from './keys-switch.tsx'
import { factorWords } from '#dashboard/core/factor-words.ts'
import { sessionsWords } from '#dashboard/core/sessions-words.ts'
import { lazyPage } from './lazy-page.tsx'
import { useApp } from './state/app-state.ts'

const SessionsDialog = lazyPage(async () => (await import('./sessions-dialog.tsx')).SessionsDialog)
const FactorsDialog = lazyPage(async () => (await import('./factors-dialog.tsx')).FactorsDialog)

export const UserPanel = (): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(sessionsWords, factorWords)
  const sessionsOpen = useSignal(false)
  const factorsOpen = useSignal(false)
  const me = app.me.value
  const duty = app.readiness.duty.value
  return (
    <>
      {me !== null && (
        <p class="menu-head">
          {words.user.signedInAs(me.name, words.user.roles[me.role])}
          {duty !== null && <span class="second">{words.duty.chosen[duty]}</span>}
        </p>
      )}
      <Choice
        name="theme"
        legend={words.user.theme}
        choices={themeChoices}
        text={(choice) => words.user.themes[choice]}
        chosen={app.themeChoice.value}
        choose={(choice) => app.chooseTheme(choice)}
      />
      {me?.role === 'engineer' && (
        <Choice
          name="language"
          legend={words.user.language}
          choices={languageIds}
          text={(id) => words.user.languages[id]}
          chosen={app.language.value.id}
          choose={(id) => app.chooseLanguage(id)}
        />
      )}
      {app.mayAct.value && (
        <button type="button" class="btn" onClick={() => app.readiness.show()} data-testid="open-readiness">
          {words.duty.check}
        </button>
      )}
      {app.mayWatch.value && (
        <>
          <KeysSwitch />
          <button type="button" class="btn" onClick={() => (app.helpOpen.value = true)} data-testid="open-help">
            {words.help.title}
          </button>
        </>
      )}
      {me !== null && me.role !== 'kiosk' && (
        <button type="button" class="btn" onClick={() => (sessionsOpen.value = true)} data-testid="open-sessions">
          {words.sessions.open}
        </button>
      )}
      {me !== null && me.role !== 'kiosk' && (
        <button type="button" class="btn" onClick={() => (factorsOpen.value = true)} data-testid="open-factors">
          {words.factors.open}
        </button>
      )}
      {factorsOpen.value && <FactorsDialog close={() => (factorsOpen.value = false)} />}
      {sessionsOpen.value && <SessionsDialog close={() => (sessionsOpen.value = false)} />}
      <button type="button" class="btn" onClick={() => void app.signOut()} data-testid="sign-out">
        {words.user.signOut}
      </button>
    </>
  )
}

interface ChoiceProps<T extends string> {
  readonly name: string
  readonly legend: string
  readonly choices: readonly T[]
  readonly text: (choice: T) => string
  readonly chosen: T
  readonly choose: (choice: T) => void
}

const Choice = <T extends string>({ name, legend, choices, text, chosen, choose }: ChoiceProps<T>): JSX.Element => (
  <fieldset class="themes">
    <legend>{legend}</legend>
    {choices.map((choice) => (
      <label key={choice}>
        <input type="radio" name={name} value={choice} checked={chosen === choice} onChange={() => choose(choice)} />
        <span>{text(choice)}</span>
      </label>
    ))}
  </fieldset>
)
