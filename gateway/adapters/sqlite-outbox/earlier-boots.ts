import { z } from 'zod'
import { BootId } from '#domain/ids.ts'
import { mostEarlierBoots } from '#domain/uplink/envelope.ts'
import { gatewayErrorCode } from '../../core/errors.ts'
import type { LaneFile } from './lane-file.ts'

const note = 'boots'

/**
 * The boots that wrote into this file before, newest first; this one is remembered from now on. By them the server knows that the
 * numbers go on (docs/adr/0026): a file that was lost, made anew or cut back does not remember, and that is the point.
 */
export const rememberBoot = (file: LaneFile, bootId: BootId): readonly BootId[] => {
  const earlier = earlierBoots(file)
  const boots = [bootId, ...earlier].slice(0, mostEarlierBoots)
  try {
    file.transaction(() => file.statement('note').run(note, JSON.stringify(boots)))
  } catch (error) {
    // A full disk is no reason not to start: the next boot then does not name this one.
    if (gatewayErrorCode(error) !== 'GW_OUTBOX_FULL') throw error
  }
  return earlier
}

const earlierBoots = (file: LaneFile): readonly BootId[] => {
  const value = file.read(() => file.statement('noted').get(note))?.['value']
  try {
    return z.array(BootId).parse(JSON.parse(String(value)))
  } catch {
    return []
  }
}
