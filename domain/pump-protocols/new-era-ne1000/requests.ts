import type { AllowedRequest } from '../whitelist.ts'
import type { NewEraMode } from './frame.ts'
import { newEraRequest } from './frame.ts'

/** Volume dispensed and pumping rate, each without parameters: `RAT` with one sets the rate (new-era-ne1000.md 3). */
export const queries = ['DIS', 'RAT'] as const
export type Query = (typeof queries)[number]

/** Everything that could ever be sent, and only where `poll` allows it. Whole frames are compared, never prefixes. */
export const newEraWhitelist = (mode: NewEraMode): readonly AllowedRequest[] =>
  queries.flatMap((query) => [
    {
      shape: shapeOf(mode, query),
      slots: mode === 'safe' ? new RegExp(`^\u0002.${query}[^]{2}\u0003$`, 's') : new RegExp(`^${query}\r$`),
      build: () => newEraRequest(mode, query),
    },
    {
      shape: shapeOf(mode, `<nn>${query}`),
      slots:
        mode === 'safe'
          ? new RegExp(`^\u0002.([0-9]{2})${query}[^]{2}\u0003$`, 's')
          : new RegExp(`^([0-9]{2})${query}\r$`),
      build: ([address = '']) => newEraRequest(mode, address + query),
    },
  ])

const shapeOf = (mode: NewEraMode, text: string): string =>
  mode === 'safe' ? `STX LEN ${text} <crc> ETX` : `${text} CR`
