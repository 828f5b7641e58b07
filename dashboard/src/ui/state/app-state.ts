import { batch, computed, effect, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Me } from '#domain/live/api.ts'
import type { PagePermission } from '#domain/live/page-permissions.ts'
import type { HalfSignedIn } from '#domain/people/half-signed-in.ts'
import type { DutyChoice } from '#domain/on-call/readiness.ts'
import { AnnouncementQueue } from '#dashboard/core/announcements.ts'
import type { Page } from '#domain/paging/page.ts'
import type { AudioDesk } from '#dashboard/core/audio-port.ts'
import { formatsFor } from '#dashboard/core/format.ts'
import type { Formats } from '#dashboard/core/format.ts'
import { languageIdOf, languageOf } from '#dashboard/core/languages.ts'
import type { Language, LanguageId } from '#dashboard/core/languages.ts'
import type { Words } from '#dashboard/core/messages.ts'
import type { WordsOfAll, WordsPart } from '#dashboard/core/words-part.ts'
import { parseRoute } from '#dashboard/core/route.ts'
import type { Screen } from '#dashboard/core/route.ts'
import { ssoDone, ssoRefusalIn } from '#dashboard/core/sso-place.ts'
import type { AwakeDesk } from '#dashboard/core/awake-port.ts'
import { linkLimits } from '#dashboard/core/freshness.ts'
import { reconnectDelayMs } from '#dashboard/core/reconnect.ts'
import { volumeFloorOf } from '#dashboard/core/volume.ts'
import type { PasskeyDesk } from '#dashboard/core/passkey-port.ts'
import type { PushDesk } from '#dashboard/core/push-port.ts'
import type { Theme, ThemeChoice } from '#dashboard/core/theme.ts'
import type { ApiFailure, ServerLink } from '#dashboard/core/worker-protocol.ts'
import { CommandDesk } from './command-desk.ts'
import { followTheme } from './follow-theme.ts'
import { keep, kept, keptTheme, watched } from './kept-choices.ts'
import { HighArrivals } from './high-arrivals.ts'
import { LiveStore } from './live-store.ts'
import { completeReturns } from './missed-alarms.ts'
import { PathModel } from './path-model.ts'
import { recallRecent } from './recent-alarms.ts'
import { ReceiptsModel } from './receipts-model.ts'
import { ReadinessModel } from './readiness-model.ts'
import { PushState } from './push-state.ts'
import { QueueModel } from './queue-model.ts'
import type { Session } from './session.ts'
import { StationModel } from './station-model.ts'
import { StepUp, withStepUp } from './step-up.ts'
import { UpdateModel } from './update-model.ts'
import { createWallView } from './wall-view.ts'
import { OnCallModel } from './on-call-model.ts'

const tickMs = 500
/** For typing a name and a password. */
const formPatienceMs = 60_000

/** Everything the screens share. Made once by main.tsx from the adapters. */
export class AppState {
  readonly language = signal<Language>(languageOf(languageIdOf(location.search, kept('language'))))
  readonly live: LiveStore
  readonly view = createWallView()
  readonly link: ServerLink
  readonly audio: AudioDesk
  readonly commands: CommandDesk
  /** Asks for a fresh proof when a request needs one. */
  readonly stepUp = new StepUp()
  readonly passkeys: PasskeyDesk
  readonly queue: QueueModel
  readonly highs: HighArrivals
  readonly push: PushState
  /** The last page of this person that came while this screen was open. */
  readonly paged = signal<Page | null>(null)
  readonly onCall: OnCallModel
  readonly path: PathModel
  readonly receipts: ReceiptsModel
  readonly readiness: ReadinessModel
  readonly update: UpdateModel
  /** On call nobody can turn it lower. */
  readonly volumeFloor: ReadonlySignal<number>
  readonly session = signal<Session>({ step: 'asking' })
  readonly screen = signal<Screen>(parseRoute(location.hash))
  /** Whether a single key is a shortcut. */
  readonly keysOn = signal(kept('keys') !== 'off')
  /** Whom to call when nothing works; as it was last known here. */
  readonly urgentPhone = signal(kept('urgent-phone'))
  readonly helpOpen = signal(false)
  readonly themeChoice = signal<ThemeChoice>(keptTheme())
  readonly theme = signal<Theme>('light')
  readonly announcements = new AnnouncementQueue((texts) =>
    texts.length === 1 ? (texts[0] ?? '') : this.words.speak.several(texts.length, texts.at(-1) ?? ''),
  )
  readonly me: ReadonlySignal<Me | null> = computed(() =>
    this.session.value.step === 'signed-in' ? this.session.value.me : null,
  )
  readonly formats: ReadonlySignal<Formats> = computed(() =>
    formatsFor(this.me.value?.facilityTimeZone ?? 'UTC', this.language.value.locale),
  )
  readonly mayAct: ReadonlySignal<boolean> = computed(() => this.may('alarm.act'))
  /** Administrators manage accounts: no pumps, no alarms, no sound. */
  readonly mayWatch: ReadonlySignal<boolean> = computed(() => this.me.value === null || this.may('live.view'))
  /** Demo data anywhere: the band stays. */
  readonly simulated: ReadonlySignal<boolean> = computed(
    () => this.me.value?.demo === true || this.live.simulated.value,
  )
  readonly station: StationModel
  readonly sound: StationModel['look']
  readonly pause: StationModel['pause']
  /** The server could not be asked who is signed in: when it is asked again, the page's monotonic ms. */
  #askAgainAt = Infinity

  constructor(server: ServerLink, audio: AudioDesk, push: PushDesk, awake: AwakeDesk, passkeys: PasskeyDesk) {
    this.passkeys = passkeys
    const link = withStepUp(server, this.stepUp)
    this.link = link
    this.live = new LiveStore((pumpIds) => link.post({ kind: 'shown', pumpIds }))
    this.audio = audio
    this.push = new PushState(push, link)
    this.onCall = new OnCallModel(link)
    this.queue = new QueueModel(this.live, () => this.me.value?.userId ?? null)
    this.highs = new HighArrivals(this.live, () => matchMedia('(max-width: 640px)').matches)
    this.path = new PathModel(link, audio, this.live)
    this.receipts = new ReceiptsModel(link, audio, this.live)
    const { live, path, push: devices, receipts, session, me, mayWatch } = this
    const duty = (): DutyChoice | null => this.readiness.duty.peek()
    this.station = new StationModel({ link, audio, live, receipts, session, me, mayWatch, duty })
    this.sound = this.station.look
    this.pause = this.station.pause
    const { sound, station } = this
    this.update = new UpdateModel({
      link,
      live,
      quietMs: () => station.quietMs,
      watches: () => watched.get(),
    })
    this.readiness = new ReadinessModel({ link, audio, awake, push: devices, path, sound, live })
    this.volumeFloor = computed(() => volumeFloorOf(this.readiness.duty.value, this.readiness.plannedNow.value))
    effect(() => audio.setVolume(Math.max(station.volume.value, this.volumeFloor.value)))
    this.commands = new CommandDesk(link, (alarm) => {
      const shown = this.live.alarms.peek().get(alarm.episodeId)
      if (shown !== undefined && alarm.version > shown.version)
        this.live.alarms.value = new Map(this.live.alarms.peek()).set(alarm.episodeId, alarm)
    })
    link.listen((message) => {
      this.live.take(message, performance.now())
      if (message.kind === 'session-ended') this.#over()
      if (message.kind === 'asleep') this.pause.value = null
      if (message.kind === 'tick' && performance.now() >= this.#askAgainAt) void this.#ask()
      if (message.kind === 'tick' && this.#isForgotten()) this.#lost()
      if (message.kind === 'page') this.paged.value = message.page
      if (message.kind === 'canary' || message.kind === 'path-proven') return this.path.take(message)
      if (message.kind === 'command-result' || message.kind === 'telemetry' || message.kind === 'fleet') return
      station.sound()
      station.tell()
    })
    const openedAt = performance.now()
    setInterval(() => {
      this.live.tick(performance.now())
      // Whoever would answer may not have come over the line, and nobody may take an empty page for a quiet one.
      if (session.peek().step === 'asking' && performance.now() - openedAt > linkLimits.notLiveMs) this.#cutOff()
      station.sound()
      this.update.judge()
    }, tickMs)
    addEventListener('hashchange', () => (this.screen.value = parseRoute(location.hash)))
    completeReturns(link, this.live)
    recallRecent(link, this.live)
    followTheme({ choice: this.themeChoice, theme: this.theme, live, formats: this.formats })
    effect(() => {
      document.documentElement.lang = this.language.value.tag
      document.documentElement.dir = this.language.value.dir
    })
    void this.#ask()
  }

  /** Of the language chosen; a component that reads them follows a change. */
  get words(): Words {
    return this.language.value.words
  }

  /** These words together with those of parts that came later, in the same language. */
  wordsWith<P extends readonly WordsPart<object>[]>(...parts: P): Words & WordsOfAll<P> {
    const { id, words } = this.language.value
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parts are spread in
    return Object.assign({}, words, ...parts.map((part) => part.of(id))) as Words & WordsOfAll<P>
  }

  /** Whether a screen may offer this to whoever is signed in; the server refuses it in any case. */
  may(permission: PagePermission): boolean {
    return this.me.value?.may.includes(permission) === true
  }

  useKeys(on: boolean): void {
    keep('keys', on ? 'on' : 'off')
    this.keysOn.value = on
  }

  chooseLanguage(id: LanguageId): void {
    keep('language', id)
    this.language.value = languageOf(id)
  }

  async signIn(name: string, password: string): Promise<void> {
    this.audio.arm()
    this.session.value = { step: 'signing-in' }
    const answer = await this.link.request<'sign-in'>({ what: 'sign-in', name, password })
    if (!answer.ok) this.session.value = { step: 'signed-out', failure: answer.failure }
    else if ('needs' in answer.body) this.session.value = { step: 'half', half: answer.body }
    else this.#enter(answer.body, true)
  }

  /** Signed in by what came after the password, or by a passkey alone. */
  signedIn(me: Me): void {
    this.#enter(me, true)
  }

  /** A new session while the old one still watches. Null: done; or what is missing beside the password. */
  async renew(name: string, password: string): Promise<ApiFailure | HalfSignedIn | null> {
    const answer = await this.link.request<'sign-in'>({ what: 'sign-in', name, password })
    if (!answer.ok) return answer.failure
    if ('needs' in answer.body) return answer.body
    this.renewed(answer.body)
    return null
  }

  /** The new session is there: the page goes over to it. */
  renewed(me: Me): void {
    this.session.value = { step: 'signed-in', me }
    this.link.post({ kind: 'disconnect' })
    this.link.post({ kind: 'connect' })
  }

  async signOut(): Promise<void> {
    this.link.post({ kind: 'disconnect' })
    this.audio.stop()
    this.pause.value = null
    this.onCall.stop()
    this.receipts.stop()
    this.readiness.end()
    watched.set(false)
    this.session.value = { step: 'signed-out', failure: null }
    await this.link.request<'sign-out'>({ what: 'sign-out' })
  }

  /** Where alarms were watched and the session is over: nobody counts on this screen any more. */
  leave(): void {
    this.audio.stop()
    watched.set(false)
    this.session.value = { step: 'signed-out', failure: null }
  }

  chooseTheme(choice: ThemeChoice): void {
    this.themeChoice.value = choice
    keep('theme', choice)
  }

  async #ask(): Promise<void> {
    this.#askAgainAt = Infinity
    const answer = await this.link.request<'me'>({ what: 'me' })
    const { step } = this.session.peek()
    if (step !== 'asking' && step !== 'cut-off') return
    if (answer.ok) return this.#enter(answer.body, cameBySso())
    if (answer.failure === 'unreachable' || answer.failure === 'server-error') {
      this.#askAgainAt = performance.now() + reconnectDelayMs(Math.random())
      return this.#cutOff()
    }
    if (watched.get() && ssoRefusalIn(location.hash) === null) return this.#lost()
    this.session.value = { step: 'signed-out', failure: answer.failure === 'signed-out' ? null : answer.failure }
  }

  #cutOff(): void {
    this.session.value = { step: 'cut-off' }
    this.#armUnpressed()
  }

  #enter(me: Me, signedInNow: boolean): void {
    const phone = me.phones.backup ?? me.phones.lead
    this.urgentPhone.value = phone
    keep('urgent-phone', phone)
    batch(() => {
      this.live.me.value = me.userId
      this.live.start(performance.now())
      this.session.value = { step: 'signed-in', me }
    })
    watched.set(this.mayWatch.peek())
    if (this.mayWatch.peek()) this.#armUnpressed()
    if (this.mayWatch.peek()) this.link.post({ kind: 'connect' })
    if (this.mayAct.peek()) void this.push.refresh()
    this.path.start(this.mayAct.peek())
    this.receipts.start(this.mayAct.peek())
    if (this.mayAct.peek()) this.onCall.start()
    if (!this.mayAct.peek()) return
    this.onCall.start()
    if (signedInNow) this.readiness.ask()
    else this.readiness.goOn()
  }

  /** A page that loaded itself anew may sound without a press where the browser lets it; else the next press turns it on. */
  #armUnpressed(): void {
    if (this.sound.peek().state === 'closed') this.audio.arm()
  }

  #over(): void {
    if (this.session.peek().step !== 'signed-in') return
    this.onCall.stop()
    this.receipts.stop()
    if (watched.get()) this.session.value = { step: 'over' }
    else this.session.value = { step: 'signed-out', failure: 'signed-out' }
  }

  /** Somebody went to the sign-in form of a screen that has to watch, and away again. */
  #isForgotten(): boolean {
    return this.session.peek().step === 'signed-out' && watched.get() && this.station.quietMs > formPatienceMs
  }

  /** Loaded anew, or left at the sign-in form, where alarms were watched before and are not now. */
  #lost(): void {
    this.session.value = { step: 'over' }
    this.#armUnpressed()
  }
}

/** She has come from the provider: what is asked after a sign-in is asked. */
const cameBySso = (): boolean => {
  if (location.hash !== ssoDone) return false
  history.replaceState(null, '', '#/')
  return true
}

export const AppContext = createContext<AppState | null>(null)

export const useApp = (): AppState => {
  const app = useContext(AppContext)
  if (app === null) throw new Error('no application state above this component')
  return app
}
