// Literal frames of neurowave-ap4000.md 2 and 5, without CR LF.

/** From `mickeywstahl/MDDT` `devices/neurowave/AP4000.java` (BSD-2-Clause). */
export const published = {
  connectRequest: '!CONNREQ|02B3',
  connected: '!CONNREQ^0.1^032-19-50-014^2022-11-04^11:10:36.067|0B8B',
}

export const connectRequestHex = '21 43 4F 4E 4E 52 45 51 7C 30 32 42 33 0D 0A'

/** Derived: computed from the rule, not captured. */
export const derived = {
  statusRequest: '!STATREQ^032-19-50-014|059F',
  /** 249 bytes with CR LF. */
  noAlarm:
    '!STATREQ^0^032-19-50-014^2022-11-04^11:12:01.250^OPER^CASE7^70^175^44^M^0^-1^0^^^^^^^^^^^^^^^^^^^^^SN-0001^^^DRUG1^10^mg/ml^^^50^^^^^^^^^^^^00:10:00^^3.217^^46.783^^^0^0^1.5^^^^SN-0002^^^DRUG2^10^mg/ml^^^50^^^^^^^^^^^^00:10:00^^0^^0^^^5.5^0^0|44CB',
  /** Downstream occlusion on channel 1, on battery; 289 bytes with CR LF. */
  occlusion:
    '!STATREQ^0^032-19-50-014^2022-11-04^11:12:01.250^OPER^CASE7^70^175^44^M^0^2^1^PA.02^PUMP1^HIGH^HP_PUMP^BA.01^SYSTEM^LOW^LP_POW^^^^^^^^^^^^^SN-0001^^^DRUG1^10^mg/ml^^^50^^^^^^^^^^^^00:10:00^^3.217^^46.783^^^0^0^1.5^^^^SN-0002^^^DRUG2^10^mg/ml^^^50^^^^^^^^^^^^00:10:00^^0^^0^^^5.5^0^0|5067',
}

/** Names that control the pump; never to be sent, with or without fields. */
export const forbiddenNames = ['CNTLREQ', 'INFPAUS', 'INFRESM', 'INFPROG']
