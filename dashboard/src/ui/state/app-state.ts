import { batch, computed, effect, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Me } from '#domain/live/api.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { namedInPause } from '#domain/on-call/station.ts'
import { isPaused, pausedEpisodes, pauseFor } from '#domain/sound/audio-pause.ts'
import type { AudioPause } from '#domain/sound/audio-pause.ts'
import { AnnouncementQueue } from '#dashboard/core/announcements.ts'
import type { Page } from '#domain/paging/page.ts'
import type { AudioDesk, SoundLook } from '#dashboard/core/audio-port.ts'
import { formatsFor } from '#dashboard/core/format.ts'
import type { Formats } from '#dashboard/core/format.ts'
import { languageIdOf, languageOf } from '#dashboard/core/languages.ts'
import type { Language, LanguageId } from '#dashboard/core/languages.ts'
import type { Words } from '#dashboard/core/messages.ts'
import type { WordsOfAll, WordsPart } from '#dashboard/core/words-part.ts'
import { parseRoute } from '#dashboard/core/route.ts'
import type { Screen } from '#dashboard/core/route.ts'
import { soundDuty, soundingAlarms } from '#dashboard/core/sound-duty.ts'
import type { AwakeDesk } from '#dashboard/core/awake-port.ts'
import { standardVolume, volumeFloorOf } from '#dashboard/core/volume.ts'
import type { BurstKind } from '#domain/sound/bursts.ts'
import type { PushDesk } from '#dashboard/core/push-port.ts'
import { themeChoices, themeOf } from '#dashboard/core/theme.ts'
import type { Theme, ThemeChoice } from '#dashboard/core/theme.ts'
import type { ApiFailure, ServerLink } from '#dashboard/core/worker-protocol.ts'
import { CommandDesk } from './command-desk.ts'
import { LiveStore } from './live-store.ts'
import { completeReturns } from './missed-alarms.ts'
import { PathModel } from './path-model.ts'
import { recallRecent } from './recent-alarms.ts'
import { ReceiptsModel } from './receipts-model.ts'
import { ReadinessModel } from './readiness-model.ts'
import { PushState } from './push-state.ts'
import { QueueModel } from './queue-model.ts'
import { UpdateModel } from './update-model.ts'
import { createWallView } from './wall-view.ts'
import { OnCallModel } from './on-call-model.ts'

export type Session =
  | { readonly step: 'asking' }
  | { readonly step: 'signed-out'; readonly failure: ApiFailure | null }
  | { readonly step: 'signing-in' }
  | { readonly step: 'signed-in'; readonly me: Me }
  /** Was signed in and no longer is: loud, full screen. */
  | { readonly step: 'over' }

const tickMs = 500
const stationMs = 2_000
const themeKey = 'theme'
/** Kept so that the page that cannot reach the server can name it. */
const phoneKey = 'urgent-phone'
const languageKey = 'language'
const keysKey = 'keys'
const volumeKey = 'volume'

/** Everything the screens share. Made once by main.tsx from the adapters. */
export class AppState {
  readonly language = signal<Language>(languageOf(languageIdOf(location.search, localStorage.getItem(languageKey))))
  readonly live: LiveStore
  readonly view = createWallView()
  readonly link: ServerLink
  readonly audio: AudioDesk
  readonly commands: CommandDesk
  readonly queue: QueueModel
  readonly push: PushState
  /** The last page of this person that came while this screen was open. */
  readonly paged = signal<Page | null>(null)
  readonly onCall: OnCallModel
  readonly path: PathModel
  readonly receipts: ReceiptsModel
  readonly readiness: ReadinessModel
  readonly update: UpdateModel
  readonly volume = signal(storedVolume())
  /** On call nobody can turn it lower. */
  readonly volumeFloor: ReadonlySignal<number>
  readonly session = signal<Session>({ step: 'asking' })
  readonly screen = signal<Screen>(parseRoute(location.hash))
  readonly sound = signal<SoundLook>({
    armed: false,
    state: 'closed',
    advancing: false,
    elsewhere: false,
    testedAt: null,
    sounding: null,
  })
  /** Whether a single key is a shortcut. */
  readonly keysOn = signal(localStorage.getItem(keysKey) !== 'off')
  /** Whom to call when nothing works; as it was last known here. */
  readonly urgentPhone = signal(localStorage.getItem(phoneKey))
  readonly helpOpen = signal(false)
  readonly themeChoice = signal<ThemeChoice>(storedTheme())
  readonly theme = signal<Theme>('light')
  /** Null: this station sounds whatever is to be heard. */
  readonly pause = signal<AudioPause | null>(null)
  readonly announcements = new AnnouncementQueue((texts) =>
    texts.length === 1 ? (texts[0] ?? '') : this.words.speak.several(texts.length, texts.at(-1) ?? ''),
  )
  readonly me: ReadonlySignal<Me | null> = computed(() =>
    this.session.value.step === 'signed-in' ? this.session.value.me : null,
  )
  readonly formats: ReadonlySignal<Formats> = computed(() =>
    formatsFor(this.me.value?.facilityTimeZone ?? 'UTC', this.language.value.locale),
  )
  readonly mayAct: ReadonlySignal<boolean> = computed(() => {
    const role = this.me.value?.role
    return role === 'nurse' || role === 'lead'
  })
  /** Administrators manage accounts: no pumps, no alarms, no sound. */
  readonly mayWatch: ReadonlySignal<boolean> = computed(() => this.me.value?.role !== 'admin')
  /** Demo data anywhere: the band stays. */
  readonly simulated: ReadonlySignal<boolean> = computed(
    () => this.me.value?.demo === true || this.live.simulated.value,
  )
  #lastInputAt = performance.now()
  #lastStationAt = 0

  constructor(link: ServerLink, audio: AudioDesk, push: PushDesk, awake: AwakeDesk) {
    this.link = link
    this.live = new LiveStore((pumpIds) => link.post({ kind: 'shown', pumpIds }))
    this.audio = audio
    this.push = new PushState(push, link)
    this.onCall = new OnCallModel(link)
    this.queue = new QueueModel(this.live, () => this.me.value?.userId ?? null)
    this.path = new PathModel(link, audio, this.live)
    this.receipts = new ReceiptsModel(link, audio, this.live)
    const { path, push: devices, sound } = this
    this.update = new UpdateModel(link, this.live, () => performance.now() - this.#lastInputAt)
    this.readiness = new ReadinessModel({ link, audio, awake, push: devices, path, sound })
    this.volumeFloor = computed(() => volumeFloorOf(this.readiness.duty.value))
    effect(() => this.audio.setVolume(Math.max(this.volume.value, this.volumeFloor.value)))
    this.commands = new CommandDesk(link, (alarm) => {
      const shown = this.live.alarms.peek().get(alarm.episodeId)
      if (shown !== undefined && alarm.version > shown.version)
        this.live.alarms.value = new Map(this.live.alarms.peek()).set(alarm.episodeId, alarm)
    })
    link.listen((message) => {
      this.live.take(message, performance.now())
      if (message.kind === 'session-ended') this.#over()
      if (message.kind === 'asleep') this.pause.value = null
      if (message.kind === 'page') this.paged.value = message.page
      if (message.kind === 'canary' || message.kind === 'path-proven') return this.path.take(message)
      if (message.kind === 'command-result' || message.kind === 'telemetry' || message.kind === 'fleet') return
      this.#sound()
      this.#station()
    })
    setInterval(() => {
      this.live.tick(performance.now())
      this.#sound()
      this.update.judge()
    }, tickMs)
    addEventListener('hashchange', () => (this.screen.value = parseRoute(location.hash)))
    for (const type of ['pointerdown', 'keydown'] as const)
      addEventListener(type, () => this.#gesture(), { capture: true, passive: true })
    completeReturns(link, this.live)
    recallRecent(link, this.live)
    // Reading is turning the wheel; it is no gesture that lets a page sound.
    addEventListener('wheel', () => (this.#lastInputAt = performance.now()), { capture: true, passive: true })
    this.#followTheme()
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

  useKeys(on: boolean): void {
    localStorage.setItem(keysKey, on ? 'on' : 'off')
    this.keysOn.value = on
  }

  chooseLanguage(id: LanguageId): void {
    localStorage.setItem(languageKey, id)
    this.language.value = languageOf(id)
  }

  async signIn(name: string, password: string): Promise<void> {
    this.audio.arm()
    this.session.value = { step: 'signing-in' }
    const answer = await this.link.request<'sign-in'>({ what: 'sign-in', name, password })
    if (answer.ok) this.#enter(answer.body, true)
    else this.session.value = { step: 'signed-out', failure: answer.failure }
  }

  /** A new session while the old one still watches. Null: done. */
  async renew(name: string, password: string): Promise<ApiFailure | null> {
    const answer = await this.link.request<'sign-in'>({ what: 'sign-in', name, password })
    if (!answer.ok) return answer.failure
    this.session.value = { step: 'signed-in', me: answer.body }
    this.link.post({ kind: 'disconnect' })
    this.link.post({ kind: 'connect' })
    return null
  }

  async signOut(): Promise<void> {
    this.link.post({ kind: 'disconnect' })
    this.audio.stop()
    this.pause.value = null
    this.onCall.stop()
    this.receipts.stop()
    this.readiness.end()
    this.session.value = { step: 'signed-out', failure: null }
    await this.link.request<'sign-out'>({ what: 'sign-out' })
  }

  /** Pauses this station's sound, or ends the pause. Asking again never makes it longer. */
  pauseSound(): void {
    this.pause.value = this.pause.peek() === null ? pauseFor(this.#sounding(), performance.now()) : null
    this.#sound()
    // The server counts on a station that sounds.
    this.#lastStationAt = -Infinity
    this.#station()
  }

  setVolume(volume: number): void {
    this.volume.value = volume
    localStorage.setItem(volumeKey, String(volume))
  }

  /** One burst by an alarm's own way, inside a press. */
  testSound(kind: BurstKind): void {
    this.audio.arm()
    this.audio.test(kind)
    this.#showSound(this.audio.check())
  }

  chooseTheme(choice: ThemeChoice): void {
    this.themeChoice.value = choice
    localStorage.setItem(themeKey, choice)
  }

  async #ask(): Promise<void> {
    const answer = await this.link.request<'me'>({ what: 'me' })
    if (this.session.peek().step !== 'asking') return
    if (answer.ok) this.#enter(answer.body, false)
    else this.session.value = { step: 'signed-out', failure: answer.failure === 'signed-out' ? null : answer.failure }
  }

  #enter(me: Me, signedInNow: boolean): void {
    const phone = me.phones.backup ?? me.phones.lead
    this.urgentPhone.value = phone
    if (phone === null) localStorage.removeItem(phoneKey)
    else localStorage.setItem(phoneKey, phone)
    batch(() => {
      this.live.me.value = me.userId
      this.live.start(performance.now())
      this.session.value = { step: 'signed-in', me }
    })
    if (me.role !== 'admin') this.link.post({ kind: 'connect' })
    if (this.mayAct.peek()) void this.push.refresh()
    this.path.start(this.mayAct.peek())
    this.receipts.start(this.mayAct.peek())
    if (this.mayAct.peek()) this.onCall.start()
    if (!this.mayAct.peek()) return
    this.onCall.start()
    if (signedInNow) this.readiness.ask()
    else this.readiness.goOn()
  }

  #over(): void {
    if (this.session.peek().step !== 'signed-in') return
    this.onCall.stop()
    this.receipts.stop()
    this.session.value = { step: 'over' }
  }

  #sounding(): readonly AlarmView[] {
    return this.live.loaded.peek()
      ? soundingAlarms(this.live.alarms.peek().values(), this.me.peek()?.userId ?? null)
      : []
  }

  #sound(): void {
    const session = this.session.peek()
    if (!isPaused(this.pause.peek(), this.#sounding(), performance.now())) this.pause.value = null
    if ((session.step === 'signed-in' && this.mayWatch.peek()) || session.step === 'over')
      this.audio.apply(
        soundDuty({
          alarms: this.live.loaded.peek() ? this.live.alarms.peek().values() : [],
          me: session.step === 'signed-in' ? session.me.userId : null,
          link: this.live.link.peek(),
          sessionOver: session.step === 'over',
          paused: this.pause.peek() !== null,
          now: this.live.serverNow(performance.now()),
        }),
      )
    const look = this.audio.check()
    this.#showSound(look)
    const isHeard = look.armed && !look.elsewhere && this.pause.peek() === null && this.live.link.peek() !== 'not-live'
    const station = { sounding: isHeard ? this.#sounding() : [], lastInputAt: this.#lastInputAt }
    this.receipts.look(station, performance.now())
  }

  #showSound(look: SoundLook): void {
    const shown = this.sound.peek()
    const same =
      look.armed === shown.armed &&
      look.elsewhere === shown.elsewhere &&
      look.testedAt === shown.testedAt &&
      look.state === shown.state &&
      look.sounding === shown.sounding
    if (!same) this.sound.value = look
  }

  /** What this station can do, so that the server knows an unattended one. */
  #station(): void {
    const now = performance.now()
    if (this.session.peek().step !== 'signed-in' || now - this.#lastStationAt < stationMs) return
    this.#lastStationAt = now
    const { state, advancing } = this.sound.peek()
    this.link.post({
      kind: 'station',
      station: {
        visible: document.visibilityState === 'visible',
        audio: { state, advancing },
        lastInputAgeMs: now - this.#lastInputAt,
        pause: pauseOf(this.pause.peek(), now),
        clockErrorMs: clockErrorOf(this.live.serverNow(now)),
      },
    })
  }

  // Kept for ever: a phone call may take the loudspeaker, and only the next gesture can bring it back.
  #gesture(): void {
    this.#lastInputAt = performance.now()
    const { armed, state } = this.sound.peek()
    if (!armed && state !== 'closed' && this.session.peek().step === 'signed-in') this.audio.arm()
  }

  #followTheme(): void {
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const systemDark = signal(dark.matches)
    dark.addEventListener('change', () => (systemDark.value = dark.matches))
    const minute = computed(() => {
      const now = this.live.now.value
      if (now === null) return null
      const [hour, minutes] = this.formats.value.time(now).split(':').map(Number)
      return (hour ?? 0) * 60 + (minutes ?? 0)
    })
    const highOpen = computed(() => [...this.live.alarms.value.values()].some((alarm) => alarm.priority === 'high'))
    effect(() => {
      const theme = themeOf({
        choice: this.themeChoice.value,
        systemDark: systemDark.value,
        minuteOfDay: minute.value,
        current: this.theme.peek(),
        highOpen: highOpen.value && this.live.loaded.value,
      })
      this.theme.value = theme
      document.documentElement.dataset['theme'] = theme
    })
  }
}

const pauseOf = (pause: AudioPause | null, now: number) =>
  pause === null
    ? null
    : {
        leftMs: Math.max(0, pause.until - now),
        priority: pause.priority,
        episodeIds: pausedEpisodes(pause).slice(0, namedInPause),
      }

const clockErrorOf = (serverNow: number | null): number | null => (serverNow === null ? null : Date.now() - serverNow)

const storedVolume = (): number => {
  const stored = Number(localStorage.getItem(volumeKey) ?? Number.NaN)
  return stored > 0 && stored <= 1 ? stored : standardVolume
}

const storedTheme = (): ThemeChoice => {
  const stored = localStorage.getItem(themeKey)
  return themeChoices.find((choice) => choice === stored) ?? 'auto'
}

export const AppContext = createContext<AppState | null>(null)

export const useApp = (): AppState => {
  const app = useContext(AppContext)
  if (app === null) throw new Error('no application state above this component')
  return app
}
