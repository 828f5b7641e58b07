import { GatewayError } from '../../core/errors.ts'

/** SQLite's primary result code of an error that `node:sqlite` threw; null for every other error. */
const primaryCode = (error: unknown): number | null =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null

const busy = 5
const corrupt = 11
/** The one failure after which the state is known: nothing was written. */
const full = 13
const notADatabase = 26

export const isFull = (error: unknown): boolean => primaryCode(error) === full
export const isBusy = (error: unknown): boolean => primaryCode(error) === busy
/** The file itself is wrong, or our own verdict on it. */
export const isDamage = (error: unknown): boolean =>
  primaryCode(error) === corrupt ||
  primaryCode(error) === notADatabase ||
  (error instanceof GatewayError && error.code === 'GW_OUTBOX_UNFIT')
/** Nobody knows what is on the disk now. */
export const isUnknownState = (error: unknown): boolean => primaryCode(error) !== null && !isFull(error)
