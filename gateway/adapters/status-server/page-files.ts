import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

export interface PageFile {
  readonly type: string
  readonly body: Uint8Array
}

const javascript = 'text/javascript; charset=utf-8'

/** URL path → file of the folder gateway/status-page. */
const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', javascript],
  '/poller.js': ['poller.js', javascript],
  '/sound.js': ['sound.js', javascript],
  '/technicians.js': ['technicians.js', javascript],
  '/words.js': ['words.js', javascript],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
} as const satisfies Record<string, readonly [string, string]>

const folder = new URL('../../status-page/', import.meta.url)
const font = '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2'

/** Everything the page is made of, in memory: it must come up when the disk does not answer any more. */
export const readPageFiles = async (): Promise<ReadonlyMap<string, PageFile>> => {
  const read = new Map<string, PageFile>()
  for (const [path, [name, type]] of Object.entries(files))
    read.set(path, { type, body: await readFile(new URL(name, folder)) })
  // Without its font the page is as readable in the system's own.
  const body = await readFile(fileURLToPath(import.meta.resolve(font))).catch(() => null)
  if (body !== null) read.set('/font.woff2', { type: 'font/woff2', body })
  return read
}
