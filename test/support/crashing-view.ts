import { Terminal } from '#simulators/adapters/terminal.ts'

// A view that takes the terminal and crashes at the first key.
const terminal = new Terminal(process.stdin, process.stdout)
terminal.write('\u001B[1;1Hready')
terminal.onKeys(() => {
  throw new Error('the view has crashed')
})
