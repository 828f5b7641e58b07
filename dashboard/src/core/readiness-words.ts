import { plural } from './plural.ts'
import { wordsPart } from './words-part.ts'

// Words of the duty choice and the readiness check; they come with it.

export const readinessWords = wordsPart({
  readiness: {
    title: 'On duty?',
    why: {
      'on-call': 'You are called first. Sound, devices and screen are tried now.',
      backup: 'You are called when the first does not answer. The same is tried.',
      looking: 'You look and can act. The rota decides who is called, not this choice.',
    },
    planned: (place: string, team: string, from: string, to: string) =>
      `The rota has you as ${place}, ${team}, ${from} to ${to}.`,
    notPlanned: 'No duty planned for you today.',
    places: { primary: 'first on call', backup: 'backup', lead: 'lead' },
    state: { ok: 'works', waiting: 'trying', asking: 'your answer', failed: 'does not work' },
    sound: {
      question: 'A High alarm was just played. Did you hear it?',
      first: 'Play it, and say whether you heard it.',
      yes: 'I heard it',
      no: 'I heard nothing',
      again: 'Play a test page',
      notArmed: 'The sound is off here.',
      heard: (time: string) => `You heard it at ${time}.`,
      nothing: 'You heard nothing: look at volume, cable and output.',
      volume: 'Volume',
      percent: (value: number) => `${value} %`,
      output: 'Output',
      standard: 'As the system has it',
      nameOutputs: 'Show the outputs',
      unnamed:
        'The browser names them only to a page that may use the microphone. It asks you now; nothing is listened to, and it is let go at once.',
      unsupported: 'This browser leaves the choice to the system.',
      lost: 'The output that was chosen is not there. The system’s own is used.',
      tested: (time: string) => `Tested at ${time}.`,
      untested: 'Not tested since this page was opened.',
      test: { high: 'Test High', medium: 'Test Medium', low: 'Test Low' },
    },
    push: {
      none: 'No device of yours can be paged.',
      shown: (name: string, seconds: string) => `${name}: shown after ${seconds} s`,
      waiting: 'Waiting for your devices …',
      failed: 'No device has shown the test page.',
    },
    page: {
      question: 'Did you see the test page on your device?',
      yes: 'I saw it',
      no: 'I did not',
      seen: 'You saw it.',
      notSeen: 'You did not see it.',
      needsPush: 'Comes with the page on a device.',
    },
    screen: {
      held: 'It stays on while this page is in front.',
      hidden: 'It is given back while the page is hidden, and taken again on return.',
      refused: 'The browser did not agree: battery saver or a policy. Set the system to stay on.',
      unsupported: 'This browser cannot keep it on. Set the system to stay on.',
      off: 'Asking the browser …',
    },
    browser: {
      ok: 'It has everything this page needs.',
      missing: (list: string) => `It lacks: ${list}. Use a current Chrome, Edge, Firefox or Safari.`,
    },
    reason: 'Why do you go on duty all the same? The lead sees it.',
    reasonFor: (item: string) => `Reason for: ${item}`,
    again: 'Try all again',
    done: 'Start the shift',
    doneWithout: (count: number) => `Start with ${plural(count, 'thing', 'things')} not working`,
    notYet: 'Answer, or give a reason for what does not work.',
    saving: 'Telling the server …',
    failed: 'The server did not take it. Try again.',
    honest:
      'Phones may delay a page by minutes; Focus, silent mode and an empty battery stop it. Keep a second way for nights.',
  },
})
