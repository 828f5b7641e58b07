import { wordsPart } from './words-part.ts'

// Words of asking for help in a flood; they come with it.

export const floodWords = wordsPart({
  floodHelp: {
    ask: (name: string) => `Ask ${name} to join`,
    asking: (name: string) => `Asking ${name} …`,
    asked: (by: string, name: string, time: string) => `${by} asked ${name} at ${time}.`,
    youAsked: (name: string, time: string) => `You asked ${name} at ${time}.`,
    progress: (name: string, word: string) => `Page to ${name}: ${word}.`,
    notPaged: (name: string, phone: string | null) =>
      phone === null
        ? `No page could be sent to ${name}. Phone now.`
        : `No page could be sent to ${name}. Call ${phone}.`,
    nobody: (phone: string | null) =>
      phone === null ? 'Nobody else is on call: phone the lead.' : `Nobody else is on call. Call ${phone}.`,
  },
})
