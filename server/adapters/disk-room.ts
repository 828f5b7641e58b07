import { statfs } from 'node:fs/promises'

/** Room of the file system that holds this folder, as an ordinary user sees it. */
export const diskRoom = async (
  folder: string,
): Promise<{ readonly freeBytes: number; readonly totalBytes: number }> => {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}
