/** What this page needs of a browser, and what is not there. Names of the interfaces: for whoever repairs the computer. */
export const missingAbilities = (): readonly string[] => {
  const needed: readonly (readonly [string, boolean])[] = [
    ['Web Audio', 'AudioContext' in globalThis],
    ['Web Locks', 'locks' in navigator],
    ['BroadcastChannel', 'BroadcastChannel' in globalThis],
    ['Service Worker', 'serviceWorker' in navigator],
    ['Push', 'PushManager' in globalThis],
    ['Notifications', 'Notification' in globalThis],
    ['https', isSecureContext],
  ]
  return needed.flatMap(([name, there]) => (there ? [] : [name]))
}
