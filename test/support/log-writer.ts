// Logs through the log of a program, says on standard error that it is still there, and logs once more for each line on standard input.
// Arguments: program, lines of 1 KiB.
import type { Logger } from 'pino'

const [program = 'gateway', lines = '1'] = process.argv.slice(2)
const { logOnStdout } = (await import(`../../${program}/commands/log-output.ts`)) as {
  readonly logOnStdout: (options: { readonly base: null }) => Logger
}
const log = logOnStdout({ base: null })
const padding = 'x'.repeat(1_000)
for (let nth = 1; nth <= Number(lines); nth += 1) log.info({ nth, padding }, 'a line')
log.fatal({}, 'the last of them')
process.stderr.write('still here\n')
process.stdin.on('data', () => log.info({}, 'one more'))
process.stdin.once('end', () => process.exit(0))
