// COMMS_PROTOCOL "^" text                    pump -> host (alaris-acp.md 3), for example "Asena Rev 2.1.5"

export interface CommsProtocol {
  readonly type: 'COMMS_PROTOCOL'
  readonly protocol: string
}

export const parseCommsProtocol = ([text]: readonly string[]): CommsProtocol | null =>
  text === undefined ? null : { type: 'COMMS_PROTOCOL', protocol: text.trim() }
