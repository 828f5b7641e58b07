// Literal frames of alaris-acp.md 2 and 6, without CR.

/** Published; the source of each is named in domain/pump-protocols/alaris-acp/README.md. */
export const published = {
  serial: '!INST_SERIALNO^8002-51740|050B',
  protocol: '!COMMS_PROTOCOL^Asena Rev 2.1.5|661A',
  syringe: '!SYRINGE_STATUS^BD PLASTIPAK^ 50^CONF|1CF8',
  noAlarm: '!ALARM^AL_NOALM^ ^ |C73B',
  remoteControl: '!REMOTE_CTRL^ENABLED^****^PERMIT^0^ms|7BB0',
}

/** Derived: computed from the rule, not captured. */
export const derived = {
  infusing: '!INF^8002-00001^-^SET^12.50^ml/h^^3.217^ml^17.90^mmHg^03:44:33^EVENT^000101|7B62',
  heldWithAlarm: '!INF^8002-00001^A^HLD^0.00^ml/h^^3.240^ml^500.25^mmHg^24+^EVENT^000102|1BCA',
  occlusion: '!ALARM^AL_OCCLU^OCCLUSION^|664D',
  batteryLow: '!ALARM^AL_LWBAT^ ^ |18D5',
  unknownCode: '!ALARM^AL_ZZZZZ^NEW TEXT^ |5EF2',
}

export const requests = {
  serial: '!INST_SERIALNO|457D',
  protocol: '!COMMS_PROTOCOL|E8DA',
  syringe: '!SYRINGE_STATUS|4102',
  inf: '!INF|4961',
  alarm: '!ALARM|50B2',
}

export const infRequestHex = '21 49 4E 46 7C 34 39 36 31 0D'

/** Right checks, and never to be sent. */
export const forbidden = [
  '!INF_START|38F3',
  '!INF_STOP|CD57',
  '!INF_RATE^0.1^ml/h|B775',
  '!INF_VTBI^DEACT|D8C5',
  '!INF_VI_CLEAR|A706',
  '!REMOTE_CTRL^DISABLED|EF95',
]
