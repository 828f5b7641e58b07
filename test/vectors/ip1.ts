// Literal frames of ip1.md 5 and 6, without CR LF. Never built by our own encoder.

export const hello = '$IP1,HI,0000,7F3A,PUMP-0001,Acme,AP100,1.4.2,1000,AL+AK+LG*EDBF'
export const statusA = '$IP1,ST,0001,7F3A,10250,R,C,12500,3217,46783,13473,112,78,B,00000000,-*BB79'
export const status2 = '$IP1,ST,0002,7F3A,11250,R,C,12500,3220,46780,13472,112,78,B,00000000,-*CFAC'
export const airRaisedB = '$IP1,AL,0003,7F3A,11620,0017,02,H,1*C5F9'
export const statusWithAir = '$IP1,ST,0004,7F3A,12250,A,C,0,3221,46779,,112,78,B,00000004,H*94A5'
export const receipt17 = '$IP1,CM,0000,7F3A,ALRX,0017*8A5F'
export const ok = '$IP1,AK,0005,7F3A,0000,OK*DD42'
export const airCleared = '$IP1,AL,0006,7F3A,42100,0018,02,H,0*D267'
export const askHello = '$IP1,CM,0001,7F3A,HI?*BC82'
export const unsupported = '$IP1,AK,0007,7F3A,0001,ERR,UNSUP*4088'
export const demoHello = '$IP1,HI,0000,7F3A,PUMP-0001,Acme,AP100,1.4.2,1000,AL+AK+LG+DEMO*4B89'
export const askHelloUnknownBoot = '$IP1,CM,0000,0000,HI?*48AC'
export const askStatus = '$IP1,CM,0002,7F3A,ST?*CBF0'
export const askAlarms = '$IP1,CM,0003,7F3A,AL?*036C'
export const askLog12 = '$IP1,CM,0004,7F3A,LG?,12*ACB1'
export const logAir = '$IP1,LG,0009,7F3A,12,11620,ALR,02*417E'
export const occlusionUnspecified = '$IP1,ST,0005,7F3A,13250,A,C,0,3221,46779,,640,78,B,00200000,H*082B'
export const helloNewBoot = '$IP1,HI,0000,91C2,PUMP-0001,Acme,AP100,1.4.2,1000,AL+AK+LG*FDE3'

export const examples = {
  hello,
  statusA,
  status2,
  airRaisedB,
  statusWithAir,
  receipt17,
  ok,
  airCleared,
  askHello,
  unsupported,
  demoHello,
  askHelloUnknownBoot,
  askStatus,
  askAlarms,
  askLog12,
  logAir,
  occlusionUnspecified,
  helloNewBoot,
}

/** Frame B as the page prints it in hex, with CR LF. */
export const airRaisedBHex =
  '24 49 50 31 2C 41 4C 2C 30 30 30 33 2C 37 46 33 41 2C 31 31 36 32 30 2C 30 30 31 37 2C 30 32 2C 48 2C 31 2A 43 35 46 39 0D 0A'

/** ip1.md 6, second table. */
export const content = {
  otherVersion: '$IP2,ST,0001,7F3A,10250,R*A702',
  unknownType: '$IP1,XX,0001,7F3A*7C61',
  priorityMissing: '$IP1,ST,0001,7F3A,10250,R,C,12500,3217,46783,13473,112,78,B,00000000*0E75',
  rateWithPoint: '$IP1,ST,0001,7F3A,10250,R,C,12.5,3217,46783,13473,112,78,B,00000000,-*1261',
  battery150: '$IP1,ST,0001,7F3A,10250,R,C,12500,3217,46783,13473,112,150,B,00000001,H*60FD',
  shortBitmap: '$IP1,ST,0001,7F3A,10250,R,C,12500,3217,46783,13473,112,78,B,0000000,-*271F',
  lowerCaseBoot: '$IP1,ST,0001,7f3a,10250,R,C,12500,3217,46783,13473,112,78,B,00000000,-*AC23',
  extraField: '$IP1,ST,0001,7F3A,10250,R,C,12500,3217,46783,13473,112,78,B,00000000,-,NEW*0FAC',
  reservedBit: '$IP1,ST,0006,7F3A,14250,R,C,12500,3222,46778,13471,112,78,B,80000000,M*1C1A',
}
