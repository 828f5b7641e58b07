import type { Priority } from '#domain/alarm/codes.ts'
import type { UserId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'

/** Order of the queue: who needs somebody now, who has somebody, what is over. */
export type AlarmGroup = 'unowned' | 'taken' | 'ended'

export type Act = 'take' | 'seen' | 'cant-take' | 'close-out' | 'undo'

export interface AlarmLook {
  readonly group: AlarmGroup
  /** Filled = nobody owns it. */
  readonly filled: boolean
  /** The condition ended. */
  readonly dashed: boolean
  readonly tint: boolean
  readonly flash: 'high' | 'medium' | null
  readonly sounds: boolean
  /** Not heard: age counting, never "ended". */
  readonly hatched: boolean
  /** What the row says about its response, before the owner's name. */
  readonly status:
    | 'new'
    | 'seen'
    | 'declined'
    | 'taken-by-me'
    | 'taken'
    /** Mine, and offered to somebody. */
    | 'handed-over'
    /** Somebody's, and offered to me. */
    | 'offered-to-me'
    | 'closed-out'
    | 'latched'
    | 'ended-unanswered'
    | 'ended-taken'
  readonly main: 'take' | 'take-over' | 'close-out' | 'open'
}

type Judged = Pick<AlarmView, 'condition' | 'response' | 'priority' | 'owner' | 'handedTo'>

const unanswered = (alarm: Judged): boolean =>
  alarm.response === 'new' || alarm.response === 'seen' || alarm.response === 'rejected'

const flashOf = (priority: Priority): 'high' | 'medium' | null =>
  priority === 'high' || priority === 'medium' ? priority : null

/** The row's whole appearance, from the two regions that must never be mixed: CONDITION (the pump's) and RESPONSE (ours). */
export const alarmLook = (alarm: Judged, me: UserId | null): AlarmLook => {
  const info = alarm.priority === 'info'
  switch (alarm.condition) {
    case 'active':
    case 'unverified': {
      const hatched = alarm.condition === 'unverified'
      if (unanswered(alarm))
        return {
          group: 'unowned',
          filled: true,
          dashed: false,
          tint: !info,
          flash: flashOf(alarm.priority),
          sounds: !info,
          hatched,
          status: alarm.response === 'seen' ? 'seen' : alarm.response === 'rejected' ? 'declined' : 'new',
          main: 'take',
        }
      const mine = me !== null && alarm.owner?.userId === me
      if (isOfferedTo(alarm, me))
        return { ...quiet('taken', hatched, false), status: 'offered-to-me', main: 'take-over' }
      const closedOut = alarm.response === 'resolved' || alarm.response === 'closed'
      const offered = mine && alarm.response === 'handed-over'
      return {
        ...quiet('taken', hatched, false),
        status: closedOut ? 'closed-out' : offered ? 'handed-over' : mine ? 'taken-by-me' : 'taken',
        main: mine && !closedOut ? 'close-out' : 'open',
      }
    }
    case 'latched':
      if (unanswered(alarm))
        return {
          group: 'unowned',
          filled: true,
          dashed: true,
          tint: !info,
          flash: flashOf(alarm.priority),
          sounds: !info,
          hatched: false,
          status: 'latched',
          main: 'take',
        }
      return { ...quiet('ended', false, true), status: 'ended-taken', main: 'close-out' }
    case 'ended':
    case 'closed':
      if (isOfferedTo(alarm, me)) return { ...quiet('ended', false, true), status: 'offered-to-me', main: 'take-over' }
      return {
        ...quiet('ended', false, true),
        status: unanswered(alarm) ? 'ended-unanswered' : alarm.response === 'resolved' ? 'closed-out' : 'ended-taken',
        main: 'close-out',
      }
  }
}

const isOfferedTo = ({ response, handedTo }: Judged, me: UserId | null): boolean =>
  me !== null && response === 'handed-over' && handedTo?.userId === me

const quiet = (group: AlarmGroup, hatched: boolean, dashed: boolean): Omit<AlarmLook, 'status' | 'main'> => ({
  group,
  filled: false,
  dashed,
  tint: false,
  flash: null,
  sounds: false,
  hatched,
})

/** Whether the alarm's name, in its colour, stands where a pump says its state: once its condition is over, the pump's own word does. */
export const saysState = (look: Pick<AlarmLook, 'dashed'>): boolean => !look.dashed
