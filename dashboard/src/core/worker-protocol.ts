import type { ChannelId, PumpId } from '#domain/ids.ts'
import type { History, Me, ShiftCheckState } from '#domain/live/api.ts'
import type { Completeness, PumpAbout } from '#domain/live/pump-about.ts'
import type { Roster, RosterQuery } from '#domain/live/roster.ts'
import type {
  Canary,
  CanaryHeard,
  CommandReply,
  LiveChange,
  LiveCommand,
  LiveTelemetry,
  PathProven,
  Station,
} from '#domain/live/messages.ts'
import type { AlarmView, HubView, Person, PumpView } from '#domain/live/views.ts'
import type { NewPushDevice, PushDeviceView, PushSetup, TestPageResult } from '#domain/live/push-api.ts'
import type { Page } from '#domain/paging/page.ts'
import type { PagedNote } from '#domain/paging/paging-view.ts'
import type { ReadinessBody, ReadinessState } from '#domain/on-call/readiness.ts'
import type { HalfSignedIn } from '#domain/people/half-signed-in.ts'
import type { OnCallNow } from '#domain/on-call/api.ts'
import type { AlarmRequest, AlarmResults } from './alarm-requests.ts'
import type { FactorRequest, FactorResults } from './factor-requests.ts'
import type { FleetFacts } from './fleet-cells.ts'
import type { LinkLook } from './freshness.ts'
import type { OfficeRequest, OfficeResults } from './office-requests.ts'
import type { PeopleRequest, PeopleResults } from './people-requests.ts'
import type { RegistryRequest, RegistryResults } from './registry-requests.ts'
import type { Parcel } from './receipt-outbox.ts'
import type { Gone } from './snapshot-gathering.ts'

// Between the page and the worker that owns the socket. The worker lives on when the tab is hidden and its timers are not.

/** What the page may ask the REST interface; the worker fetches and decodes. */
export type ApiRequest =
  | { readonly what: 'me' }
  | { readonly what: 'sign-in'; readonly name: string; readonly password: string }
  | { readonly what: 'sign-out' }
  | {
      readonly what: 'history'
      readonly pumpId: PumpId
      /** Null: the pump has only one. */
      readonly channel: ChannelId | null
      readonly from: number
      readonly to: number
      readonly maxPoints: number
    }
  | { readonly what: 'colleagues' }
  | { readonly what: 'on-call' }
  | { readonly what: 'closed-alarms'; readonly pumpId: PumpId | null; readonly limit: number }
  | { readonly what: 'pump-about' | 'completeness' | 'phone'; readonly pumpId: PumpId }
  | { readonly what: 'roster'; readonly query: RosterQuery }
  | { readonly what: 'push' }
  | { readonly what: 'push-on'; readonly device: NewPushDevice }
  | { readonly what: 'push-off' | 'push-test'; readonly deviceId: string }
  | { readonly what: 'readiness' }
  | { readonly what: 'ready'; readonly readiness: ReadinessBody }
  | { readonly what: 'shift-check' }
  | { readonly what: 'shift-checked'; readonly heard: boolean }
  | OfficeRequest
  | AlarmRequest
  | FactorRequest
  | PeopleRequest
  | RegistryRequest

/** The request whose answer is `ApiResults[W]`. */
export type RequestOf<W extends ApiRequest['what']> = Extract<ApiRequest, { what: unknown }> & { readonly what: W }

export interface ApiResults extends OfficeResults, AlarmResults, FactorResults, PeopleResults, RegistryResults {
  readonly me: Me
  /** What is missing, when the password alone is not enough. */
  readonly 'sign-in': Me | HalfSignedIn
  readonly 'sign-out': null
  readonly history: History
  readonly colleagues: readonly Person[]
  readonly 'on-call': OnCallNow
  readonly 'closed-alarms': readonly AlarmView[]
  readonly 'pump-about': PumpAbout
  readonly completeness: Completeness
  /** Null: none is stored. */
  readonly phone: string | null
  readonly roster: Roster
  readonly push: PushSetup
  readonly 'push-on': PushDeviceView
  readonly 'push-off': null
  readonly 'push-test': TestPageResult
  readonly readiness: ReadinessState
  readonly ready: ReadinessState
  readonly 'shift-check': ShiftCheckState
  readonly 'shift-checked': ShiftCheckState
}

export type ApiFailure =
  | 'unreachable'
  /** The code that asks did not come, and this worker may not get it any more. */
  | 'part-missing'
  | 'signed-out'
  | 'wrong-credentials'
  | 'needs-https'
  | 'too-many-attempts'
  | 'forbidden'
  /** The act needs a fresh proof of who it is, and she gave none. */
  | 'step-up-needed'
  | 'not-found'
  /** What was sent is refused as it is. */
  | 'invalid'
  | 'server-error'
  /** The answer does not follow the interface: page and server differ in version. */
  | 'unreadable'

export type ApiAnswer<W extends keyof ApiResults = keyof ApiResults> =
  | { readonly ok: true; readonly body: ApiResults[W] }
  /** `detail`: why the server refused, in its own words. */
  | { readonly ok: false; readonly failure: ApiFailure; readonly detail?: string }

export type ToWorker =
  | { readonly kind: 'connect' }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'watch'; readonly pumpIds: readonly PumpId[] }
  /** Pumps whose values are on screen: of no other does the page need every sample. */
  | { readonly kind: 'shown'; readonly pumpIds: readonly PumpId[] }
  | { readonly kind: 'station'; readonly station: Omit<Station, 'build'> }
  | { readonly kind: 'command'; readonly command: LiveCommand }
  | { readonly kind: 'canary-heard'; readonly heard: CanaryHeard }
  /** Alarms that were heard or looked at here: sent until the server has it. */
  | { readonly kind: 'receipt'; readonly parcel: Parcel }
  /** `quietMs`: since somebody touched the page. */
  | { readonly kind: 'request'; readonly id: number; readonly request: ApiRequest; readonly quietMs: number }

export interface LinkStatus {
  readonly look: LinkLook
  /** ms since the last heartbeat; null before the first. */
  readonly heardAgeMs: number | null
  /** Attempts since the socket was last open; 0 while it is. */
  readonly attempt: number
}

/** What became of a command. `lost`: no answer in time; it may or may not have been stored. */
export type CommandResult = CommandReply | { readonly outcome: 'lost' }

export type FromWorker =
  | {
      /** Every open alarm at once, with the pumps and hubs beside them; the others follow. */
      readonly kind: 'snapshot'
      readonly serverAt: number
      readonly alarms: readonly AlarmView[]
      readonly pumps: readonly PumpView[]
      readonly hubs: readonly HubView[]
      readonly paged: readonly PagedNote[]
    }
  | {
      readonly kind: 'fleet-part'
      readonly pumps: readonly PumpView[]
      readonly hubs: readonly HubView[]
      /** How many pumps have not been told yet. */
      readonly toCome: number
      readonly gone: Gone
    }
  | { readonly kind: 'changes'; readonly serverAt: number; readonly changes: readonly LiveChange[] }
  | { readonly kind: 'telemetry'; readonly samples: LiveTelemetry['samples'] }
  /** The fleet map's cells in the order of `ids` (null: as told before), at most twice a second. */
  | {
      readonly kind: 'fleet'
      readonly ids: readonly PumpId[] | null
      readonly cells: Uint8Array
      readonly facts: FleetFacts
    }
  /** A heartbeat was heard and our picture equals the server's. */
  | { readonly kind: 'beat'; readonly serverAt: number; readonly build: string }
  /** Once a second, whatever happens. */
  | { readonly kind: 'tick'; readonly status: LinkStatus }
  | { readonly kind: 'command-result'; readonly requestId: string; readonly result: CommandResult }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: ApiAnswer }
  | { readonly kind: 'session-ended' }
  /** Code that the worker needs did not come. */
  | { readonly kind: 'part-missing' }
  /** The server does not speak this page's protocol. */
  | { readonly kind: 'other-protocol' }
  /** The session has `most` screens open already, so this one gets nothing. */
  | { readonly kind: 'too-many-screens'; readonly most: number }
  /** The server can keep nothing: it takes no alarm and pages nobody. */
  | { readonly kind: 'keeps-nothing' }
  /** The person who is signed in here is paged. */
  | { readonly kind: 'page'; readonly page: Page }
  /** A test alarm, to be played without a sound. */
  | { readonly kind: 'canary'; readonly canary: Canary }
  /** The server has the answer to one. */
  | { readonly kind: 'path-proven'; readonly proven: PathProven }
  /** The computer or the tab slept; this long the page's own clock stood still, too. */
  | { readonly kind: 'asleep'; readonly unseenMs: number }

/** The page's end of the worker. */
export interface ServerLink {
  post(message: ToWorker): void
  listen(listener: (message: FromWorker) => void): void
  request<W extends keyof ApiResults>(request: RequestOf<W>): Promise<ApiAnswer<W>>
}
