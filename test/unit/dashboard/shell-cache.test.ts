import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shellFiles } from '../../../dashboard/shell-files.ts'

// The browser's own stores are stubbed: what is kept, and when the server is asked instead.

interface ShellCache {
  keepShell(): Promise<void>
  forgetOldShells(): Promise<void>
  shellAnswer(request: Request, origin: string): Promise<Response> | null
}

// Its types need a browser's, which tests do not have.
const source: string = '#dashboard/adapters/push/shell-cache.ts'
const origin = 'https://watch.example'
const shell = { revision: 'new', files: ['/', '/assets/index-1.js', '/app-192.png'] }

let cache: ShellCache
let stores: Map<string, Map<string, Response>>
let asked: string[]
let server: (path: string) => Response | Promise<Response>

const pathOf = (request: unknown): string =>
  typeof request === 'string' ? request : new URL((request as Request).url, origin).pathname
const store = (name: string) => {
  const kept = stores.get(name) ?? new Map<string, Response>()
  stores.set(name, kept)
  return {
    match: async (request: unknown) => kept.get(pathOf(request))?.clone(),
    addAll: async (requests: readonly unknown[]) => {
      const answers = await Promise.all(requests.map(async (one) => [pathOf(one), await server(pathOf(one))] as const))
      if (answers.some(([, answer]) => !answer.ok)) throw new TypeError('not all of them')
      for (const [path, answer] of answers) kept.set(path, answer)
    },
  }
}

beforeEach(async () => {
  stores = new Map()
  asked = []
  server = (path) => new Response(`server ${path}`)
  vi.stubGlobal('shellFiles', shell)
  vi.stubGlobal(
    'Request',
    class {
      readonly url: string
      constructor(path: string) {
        this.url = `${origin}${path}`
      }
    },
  )
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(pathOf(request))
    return await server(pathOf(request))
  })
  vi.stubGlobal('caches', {
    open: async (name: string) => store(name),
    keys: async () => [...stores.keys()],
    delete: async (name: string) => stores.delete(name),
    match: async (request: unknown) =>
      [...stores.values()]
        .map((kept) => kept.get(pathOf(request)))
        .find(Boolean)
        ?.clone(),
  })
  cache = (await import(source)) as ShellCache
})
afterEach(() => vi.unstubAllGlobals())

const get = (path: string, mode = 'cors', method = 'GET'): Request =>
  ({ url: `${origin}${path}`, mode, method }) as unknown as Request
const text = async (request: Request): Promise<string | undefined> =>
  await (await cache.shellAnswer(request, origin))?.text()

describe('the page that is kept for a time without a server', () => {
  it('never has to do with what the server tells', () => {
    for (const path of ['/api/v1/me', '/api/v1/alarms', '/socket.io/?EIO=4', '/hub/v1/records', '/healthz'])
      for (const mode of ['cors', 'navigate']) expect(cache.shellAnswer(get(path, mode), origin)).toBeNull()
    expect(cache.shellAnswer(get('/', 'navigate', 'POST'), origin)).toBeNull()
    expect(cache.shellAnswer(get('/assets/a.js'), 'https://other.example')).toBeNull()
  })

  it('W13: is not used while the server answers: the start page is always the server’s newest', async () => {
    await cache.keepShell()
    server = (path) => new Response(`newer ${path}`)
    expect(await text(get('/', 'navigate'))).toBe('newer /')
  })

  it('opens when the server is away, answers with an error, or says nothing', async () => {
    await cache.keepShell()
    server = () => Promise.reject(new TypeError('no network'))
    expect(await text(get('/', 'navigate'))).toBe('server /')
    server = () => new Response('bad gateway', { status: 502 })
    expect(await text(get('/', 'navigate'))).toBe('server /')
  })

  it('leaves the browser’s own error where nothing was kept', async () => {
    server = () => Promise.reject(new TypeError('no network'))
    await expect(cache.shellAnswer(get('/', 'navigate'), origin)).rejects.toThrow('no network')
  })

  it('gives files that carry a hash without asking, also those of the build before', async () => {
    stores.set('shell-old', new Map([['/assets/index-0.js', new Response('old script')]]))
    await cache.keepShell()
    expect(await text(get('/assets/index-1.js'))).toBe('server /assets/index-1.js')
    expect(await text(get('/assets/index-0.js'))).toBe('old script')
    expect(asked).toEqual([])
    expect(await text(get('/assets/later.js'))).toBe('server /assets/later.js')
    expect(asked).toEqual(['/assets/later.js'])
  })

  it('is kept whole or not at all, and tried again', async () => {
    server = (path) => new Response('', { status: path.endsWith('.png') ? 404 : 200 })
    await expect(cache.keepShell()).rejects.toThrow('not all of them')
    expect(stores.get('shell-new')?.size).toBe(0)
    server = (path) => new Response(`server ${path}`)
    await cache.keepShell()
    expect([...(stores.get('shell-new')?.keys() ?? [])]).toEqual(shell.files)
  })

  it('goes when two newer builds are there', async () => {
    for (const name of ['shell-1', 'other', 'shell-2', 'shell-3']) stores.set(name, new Map())
    await cache.forgetOldShells()
    expect([...stores.keys()]).toEqual(['other', 'shell-2', 'shell-3'])
  })
})

const listOf = (files: Readonly<Record<string, string>>) => shellFiles(new Map(Object.entries(files)))

it('a build’s list names every file but the service worker, and changes with each of them', () => {
  const built = { 'index.html': 'start', 'push-worker.js': 'worker', 'assets/a.js': 'script' }
  const before = listOf(built)
  expect(before.files).toEqual(['/assets/a.js', '/'])
  expect(listOf({ ...built, 'push-worker.js': 'another' })).toEqual(before)
  expect(listOf({ ...built, 'index.html': 'another' }).revision).not.toBe(before.revision)
})
