import { FrameCapture, type Described } from '../capture.ts'
import { profileWith } from '../profile-settings.ts'
import { permitted } from '../whitelist.ts'
import type { CheckedText } from '../checked-text.ts'
import type { FrameDecoder } from '../frame-decoder.ts'
import { BasicLineDecoder } from './basic-line-decoder.ts'
import type { NewEraMode } from './frame.ts'
import { newEraDecoder } from './frame.ts'
import { parseNewEra } from './parse.ts'
import { newEraWhitelist } from './requests.ts'
import { NewEraSession } from './session.ts'
import { newEraSettings } from './settings.ts'

/** New Era NE-1000 and its family: laboratory syringe pumps (README.md in this folder). */
export const newEraProfile = profileWith(newEraSettings, (settings) => {
  // with `poll: off` there is nothing that could be sent
  const whitelist = settings.poll === 'off' ? [] : newEraWhitelist(settings.mode)
  return {
    id: 'new-era-ne1000',
    experimental: true,
    laboratory: true,
    serial: { baudRate: 19_200, dataBits: 8, parity: 'none', stopBits: 1 },
    newSession: (port = 'port') => new NewEraSession(settings, port),
    permits: (bytes) => permitted(whitelist, bytes),
    newCapture: () => new FrameCapture(captureDecoder(settings.mode), ({ text }) => describe(text)),
  }
})

/** A capture has both directions. In Basic mode they differ. */
const captureDecoder = (mode: NewEraMode): FrameDecoder<CheckedText> =>
  mode === 'safe' ? newEraDecoder(mode) : new BasicLineDecoder(newEraDecoder(mode))

const describe = (text: string): Described => {
  const parsed = parseNewEra(text)
  switch (parsed.kind) {
    case 'void':
      return { ok: false, fault: 'bad' }
    case 'command': {
      const { address, command, parameters } = parsed
      const fields = { ...(address === null ? {} : { address }), ...(parameters === '' ? {} : { raw: parameters }) }
      return { ok: true, type: command === '' ? 'status query' : command, fields, malformed: false }
    }
    case 'alarm':
      return { ok: true, type: 'alarm', fields: { address: parsed.address, alarm: parsed.alarm }, malformed: false }
    case 'reply': {
      const { type, ...fields } = parsed.data
      const told = { address: parsed.address, status: parsed.status, ...fields }
      return { ok: true, type, fields: told, malformed: type === 'error' }
    }
  }
}
