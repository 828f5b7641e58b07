import { wordsPart } from './words-part.ts'

// Words about pages on devices; they come with the readiness check.

export const pushWords = wordsPart({
  push: {
    title: 'Pages to your devices',
    lead: 'A device that is turned on here is paged while this page is closed, also after you sign out.',
    thisDevice: 'This device',
    turnOn: 'Page this device',
    turningOn: 'Turning on …',
    on: (name: string) => `${name} is paged.`,
    ask: 'The browser will ask whether it may show notifications.',
    somebodyElse: 'If somebody else was paged on this device, she no longer is.',
    ability: {
      insecure: 'This address is not https, so browsers cannot be paged here. Open the page by its https address.',
      unsupported:
        'This browser cannot be paged. On an iPhone or iPad: Share, then Add to Home Screen, and open it from there.',
      blocked: 'Notifications are blocked for this site, and only you can change that:',
    },
    repair: {
      Chrome: ['Press the sign left of the address.', 'Notifications: Allow.', 'Load this page again.'],
      Firefox: [
        'Press the sign left of the address.',
        'Remove "Blocked" beside notifications.',
        'Load this page again.',
      ],
      Safari: ['Settings of Safari, Websites, Notifications.', 'Allow this site.', 'Load this page again.'],
      other: [
        'Open the settings of the browser for this site.',
        'Allow notifications; look at the system’s own settings, too.',
        'Load this page again.',
      ],
    },
    failure: {
      blocked: 'The browser was told no. Nothing is turned on.',
      'no-service': 'The browser did not reach its push service. Try again, or use another device.',
      unsupported: 'This browser cannot be paged.',
      refused: 'The server does not know this browser’s push service. Use another browser.',
      server: 'The server did not answer. Try again.',
    },
    list: 'Your devices',
    none: 'None yet.',
    gone: 'Gets nothing any more. Press "Page this device" there again.',
    neverShown: 'Never tested.',
    shown: (time: string) => `Last page shown there at ${time}.`,
    failed: (time: string, reason: string) => `Failed at ${time}: ${reason}.`,
    test: 'Send a test page',
    testOf: (name: string) => `Send a test page to ${name}`,
    remove: 'Turn off',
    removeOf: (name: string) => `Turn off ${name}`,
    testing: 'Sending …',
    taken: 'The push service took it. Waiting for the device …',
    seen: (seconds: string) => `Shown after ${seconds} s.`,
    notSeen: 'Taken by the push service, but the device has not shown it for a minute. Do not rely on it.',
    refused: (reason: string) => `Not sent: ${reason}.`,
    timedOut: 'The push service did not answer in 5 s.',
    honest:
      'Phones may delay a page by minutes, and silent mode, Focus or an empty battery stop it. Keep a second way for nights. The server goes on to the next person when nobody answers.',
    reason: {
      gone: 'the device is no longer known to its push service',
      'too-many': 'the push service wants to be left alone for a while',
      'too-large': 'the page is too large',
      'not-allowed': 'the push service refuses this server',
      'server-error': 'the push service has a fault',
      'no-such-host': 'the push service’s name is not known to the server',
      unreachable: 'the server cannot reach the push service',
      'timed-out': 'no answer in time',
      other: 'the push service refused it',
    },
  },
})
