import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { eventually } from './eventually.ts'

// Node has no datagram sockets of the Unix kind. Reads SCM_RIGHTS of BARRIER=1 too: closing that descriptor is the answer.
const receiver = `
use strict; use Socket; use IO::Socket::UNIX;
my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die "socket: $!";
$| = 1; print "listening\\n";
while (defined $socket->recv(my $text, 4096)) { print join(' ', split /\\n/, $text), "\\n"; }
`

/** What systemd would hear: a datagram socket that writes down each message with the time of its arrival, ms. */
export const listenAsSupervisor = async (path: string): Promise<readonly { text: string; atMs: number }[]> => {
  const heard: { text: string; atMs: number }[] = []
  const child = spawn('perl', ['-e', receiver, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  createInterface({ input: child.stdout }).on('line', (text) => heard.push({ text, atMs: performance.now() }))
  await eventually(() => heard.length > 0, { what: 'the notify socket' })
  return heard
}
