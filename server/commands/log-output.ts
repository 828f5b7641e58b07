import { pino } from 'pino'
import type { Logger, LoggerOptions } from 'pino'

/** What the log's disk does not take waits in memory, up to so many bytes. */
const keptBytes = 1024 * 1024

/**
 * A log on standard output that can neither stop nor end the program. pino's own output throws into the event loop when a write fails (a full
 * disk, one that turned read-only), and its flush before a fatal line's end tries again for ever, with the thread asleep in between. What
 * does not fit any more is left out, counted and told as soon as a line gets through.
 */
export const logOnStdout = (options: LoggerOptions): Logger => {
  const output = pino.destination({ dest: 1, sync: true, maxLength: keptBytes })
  output.on('error', () => {
    // It tries again with the next line.
  })
  output.flushSync = () => {
    // Lines are written as they come.
  }
  const log = pino(options, output)
  let dropped = 0
  output.on('drop', () => (dropped += 1))
  output.on('drain', () => {
    if (dropped === 0) return
    const lost = dropped
    dropped = 0
    log.warn({ lost }, 'lines of this log are missing: they could not be written')
  })
  return log
}
