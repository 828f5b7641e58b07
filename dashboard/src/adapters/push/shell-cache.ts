// The page itself, kept by the service worker so that it opens without a network, and says then that it is not live. Nothing that the
// server tells is ever kept: no answer of /api, no live message.

/** Written before this script by the build (dashboard/shell-files.ts); absent while developing. */
interface ShellFiles {
  readonly revision: string
  readonly files: readonly string[]
}

declare global {
  var shellFiles: ShellFiles | undefined
}

const prefix = 'shell-'
const start = '/'
/** A server that says nothing this long is away. */
const waitMs = 4_000
/** Pages of the build before go on with what they load later. */
const keptBuilds = 2

const nameOf = ({ revision }: ShellFiles): string => `${prefix}${revision}`

/** All files or none. Never keeps the worker itself from being installed: pages are shown by it, with or without a shell. */
export const keepShell = async (): Promise<void> => {
  const shell = globalThis.shellFiles
  if (shell === undefined) return
  const cache = await caches.open(nameOf(shell))
  if ((await cache.match(start)) !== undefined) return
  await cache.addAll(shell.files.map((file) => new Request(file, { cache: 'reload' })))
}

/** Shells of older builds go; the newest stand last. */
export const forgetOldShells = async (): Promise<void> => {
  const shells = (await caches.keys()).filter((name) => name.startsWith(prefix))
  await Promise.all(shells.slice(0, -keptBuilds).map((name) => caches.delete(name)))
}

const fromShell = async (path: string): Promise<Response | undefined> => {
  const shell = globalThis.shellFiles
  return shell === undefined ? undefined : (await caches.open(nameOf(shell))).match(path)
}

/** The server's own page wherever it answers: a page that loads itself anew gets the new build (dashboard.md W13). */
const startPage = async (request: Request): Promise<Response> => {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(waitMs) })
    if (answer.status < 500) return answer
    return (await fromShell(start)) ?? answer
  } catch (error) {
    const kept = await fromShell(start)
    if (kept === undefined) throw error
    return kept
  }
}

/** Their names change with their contents. */
const asset = async (request: Request): Promise<Response> => (await caches.match(request)) ?? fetch(request)

const drawing = async (request: Request, path: string): Promise<Response> => (await fromShell(path)) ?? fetch(request)

/** Null: not part of the page; the browser asks the server, as without a service worker. */
export const shellAnswer = (request: Request, origin: string): Promise<Response> | null => {
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== origin) return null
  if (request.mode === 'navigate') return url.pathname === start ? startPage(request) : null
  if (url.pathname.startsWith('/assets/')) return asset(request)
  return globalThis.shellFiles?.files.includes(url.pathname) === true ? drawing(request, url.pathname) : null
}
