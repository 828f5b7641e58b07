PRAGMA foreign_keys=OFF;
BEGIN;
CREATE TABLE alarm_event (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      subject TEXT NOT NULL,
      version INTEGER NOT NULL,
      at INTEGER NOT NULL,
      event TEXT NOT NULL,
      UNIQUE (subject, version)
    ) STRICT;
INSERT INTO alarm_event VALUES(1,'pump:P-0001',1,1795722241019,'{"type":"criticality-set","at":1795722241013,"criticality":"standard"}');
INSERT INTO alarm_event VALUES(2,'pump:P-0002',1,1795722241019,'{"type":"criticality-set","at":1795722241018,"criticality":"critical"}');
INSERT INTO alarm_event VALUES(3,'pump:8002-51740',1,1795722241019,'{"type":"criticality-set","at":1795722241018,"criticality":"standard"}');
INSERT INTO alarm_event VALUES(4,'pump:P-0004',1,1795722241019,'{"type":"criticality-set","at":1795722241018,"criticality":"standard"}');
INSERT INTO alarm_event VALUES(5,'pump:8002-51740',2,1795722241105,'{"type":"report-noted","at":1795722241093,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":3},"occurredAt":1795722240955,"uncertaintyMs":33.292564698300026,"receivedAt":1795722241093,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(6,'pump:8002-51740',3,1795722241105,'{"type":"report-noted","at":1795722241093,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":5},"occurredAt":1795722241057,"uncertaintyMs":33.290963093500025,"receivedAt":1795722241093,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(7,'pump:8002-51740',4,1795722241145,'{"type":"report-noted","at":1795722241144,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":6},"occurredAt":1795722241087,"uncertaintyMs":33.29247862930003,"receivedAt":1795722241144,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(8,'pump:P-0002',2,1795722241176,'{"type":"report-noted","at":1795722241173,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":10},"occurredAt":1795722241163,"uncertaintyMs":33.29627037080003,"receivedAt":1795722241173,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(9,'pump:P-0001',2,1795722241176,'{"type":"report-noted","at":1795722241173,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":9},"occurredAt":1795722241157,"uncertaintyMs":33.29595249540003,"receivedAt":1795722241173,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(10,'pump:P-0001',3,1795722241195,'{"type":"report-noted","at":1795722241192,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":14},"occurredAt":1795722241183,"uncertaintyMs":33.29727593185003,"receivedAt":1795722241192,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(11,'pump:P-0002',3,1795722241195,'{"type":"report-noted","at":1795722241192,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":15},"occurredAt":1795722241184,"uncertaintyMs":33.29728641485003,"receivedAt":1795722241192,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(12,'pump:P-0004',2,1795722241210,'{"type":"report-noted","at":1795722241207,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":16},"occurredAt":1795722241189,"uncertaintyMs":33.29754059205003,"receivedAt":1795722241207,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(13,'pump:P-0004',3,1795722241210,'{"type":"report-noted","at":1795722241207,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":17},"occurredAt":1795722241195,"uncertaintyMs":33.29786258515003,"receivedAt":1795722241207,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(14,'pump:P-0004',4,1795722241219,'{"type":"report-noted","at":1795722241218,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":19},"occurredAt":1795722241212,"uncertaintyMs":33.29870766005003,"receivedAt":1795722241218,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(15,'pump:P-0005',1,1795722243194,'{"type":"criticality-set","at":1795722243194,"criticality":"critical"}');
INSERT INTO alarm_event VALUES(16,'pump:P-0005',2,1795722243197,'{"type":"report-noted","at":1795722243197,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":31},"occurredAt":1795722243185,"uncertaintyMs":33.39736998090003,"receivedAt":1795722243197,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(17,'pump:P-0006',1,1795722243197,'{"type":"report-noted","at":1795722243197,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":32},"occurredAt":1795722243185,"uncertaintyMs":33.39737367330003,"receivedAt":1795722243197,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(18,'pump:P-0001',4,1795722260546,'{"type":"report-noted","at":1795722260543,"report":{"kind":"condition","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":123},"occurredAt":1795722260291,"uncertaintyMs":34.25266611310003,"receivedAt":1795722260543,"late":false,"simulated":true,"condition":{"episodeId":"e4b9de33-0d34-4f03-9ab5-0f446f41d583","code":"occlusion-downstream","vendorCode":"00","vendorText":null,"phase":"start","state":"active","inactivation":[],"priority":"high","prioritySource":"pump","type":"technical","channelId":"1","startedAt":null,"measurementStatus":["demo"],"experimental":false}}}');
INSERT INTO alarm_event VALUES(19,'pump:P-0001',5,1795722260546,'{"type":"episode-opened","episodeId":"e4b9de33-0d34-4f03-9ab5-0f446f41d583","at":1795722260543,"condition":{"source":"hub","code":"occlusion-downstream","channelId":"1","hubId":"hub-cpyr9hsb","type":"technical","vendorCode":"00","vendorText":null,"reportedPriority":"high","reportedSource":"pump","inactivation":[],"unverifiedPumps":[],"delivering":null,"experimental":false,"simulated":true,"aliases":["e4b9de33-0d34-4f03-9ab5-0f446f41d583"],"open":true,"verified":true,"startedAt":1795722260291,"uncertaintyMs":34.25266611310003,"observedAt":1795722260543,"lastStartedAt":1795722260291,"endedAt":null,"endUnobserved":false,"cameLate":false,"late":false,"recurrence":0,"recurring":false},"shown":{"priority":"high","source":"pump","raised":false}}');
INSERT INTO alarm_event VALUES(20,'pump:P-0004',5,1795722302199,'{"type":"report-noted","at":1795722302196,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":356},"occurredAt":1795722302115,"uncertaintyMs":36.343856438500026,"receivedAt":1795722302196,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(21,'pump:P-0001',6,1795722302199,'{"type":"report-noted","at":1795722302196,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":357},"occurredAt":1795722302124,"uncertaintyMs":36.344328571350026,"receivedAt":1795722302196,"late":false,"simulated":true,"alarms":[{"episodeId":"e4b9de33-0d34-4f03-9ab5-0f446f41d583","code":"occlusion-downstream","vendorCode":"00","vendorText":null,"phase":"continue","state":"active","inactivation":[],"priority":"high","prioritySource":"pump","type":"technical","channelId":"1","startedAt":null,"measurementStatus":["demo"],"experimental":false}]}}');
INSERT INTO alarm_event VALUES(22,'pump:P-0002',4,1795722302199,'{"type":"report-noted","at":1795722302196,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":358},"occurredAt":1795722302125,"uncertaintyMs":36.34434285095003,"receivedAt":1795722302196,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(23,'pump:8002-51740',5,1795722302199,'{"type":"report-noted","at":1795722302196,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":359},"occurredAt":1795722302125,"uncertaintyMs":36.344345795450025,"receivedAt":1795722302196,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(24,'pump:P-0005',3,1795722304179,'{"type":"report-noted","at":1795722304178,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":371},"occurredAt":1795722304123,"uncertaintyMs":36.44423981995003,"receivedAt":1795722304178,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(25,'pump:P-0006',2,1795722304179,'{"type":"report-noted","at":1795722304178,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":372},"occurredAt":1795722304123,"uncertaintyMs":36.44425261835003,"receivedAt":1795722304178,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(26,'pump:P-0001',7,1795722337863,'{"type":"report-noted","at":1795722337765,"report":{"kind":"condition","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":553},"occurredAt":1795722336573,"uncertaintyMs":38.06673684070003,"receivedAt":1795722337765,"late":false,"simulated":true,"condition":{"episodeId":"e4b9de33-0d34-4f03-9ab5-0f446f41d583","code":"occlusion-downstream","vendorCode":"00","vendorText":null,"phase":"end","state":"inactive","inactivation":[],"priority":"high","prioritySource":"pump","type":"technical","channelId":"1","startedAt":null,"measurementStatus":["demo"],"experimental":false}}}');
INSERT INTO alarm_event VALUES(27,'pump:P-0001',8,1795722337863,'{"type":"condition-changed","episodeId":"e4b9de33-0d34-4f03-9ab5-0f446f41d583","at":1795722337765,"change":"ended","condition":{"source":"hub","code":"occlusion-downstream","channelId":"1","hubId":"hub-cpyr9hsb","type":"technical","vendorCode":"00","vendorText":null,"reportedPriority":"high","reportedSource":"pump","inactivation":[],"unverifiedPumps":[],"delivering":null,"experimental":false,"simulated":true,"aliases":["e4b9de33-0d34-4f03-9ab5-0f446f41d583"],"open":false,"verified":true,"startedAt":1795722260291,"uncertaintyMs":34.25266611310003,"observedAt":1795722260543,"lastStartedAt":1795722260291,"endedAt":1795722336573,"endUnobserved":false,"cameLate":false,"late":false,"recurrence":0,"recurring":false}}');
INSERT INTO alarm_event VALUES(28,'pump:8002-51740',6,1795722346681,'{"type":"report-noted","at":1795722346680,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":601},"occurredAt":1795722345880,"uncertaintyMs":38.53209446465003,"receivedAt":1795722346680,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(29,'pump:8002-51740',7,1795722353388,'{"type":"link-lost","at":1795722352459,"root":"pump"}');
INSERT INTO alarm_event VALUES(30,'pump:8002-51740',8,1795722353388,'{"type":"report-noted","at":1795722352459,"report":{"kind":"derived","at":1795722352459,"episodeId":"e-680a3ff8-8da9-48d5-838c-9d1185344c74","code":"link-lost-pump","channelId":null,"hubId":"hub-cpyr9hsb","priority":null,"delivering":true,"text":"a write took longer than 500 ms","experimental":true,"simulated":true,"unverifiedPumps":[],"nth":0,"raised":true}}');
INSERT INTO alarm_event VALUES(31,'pump:8002-51740',9,1795722353388,'{"type":"episode-opened","episodeId":"e-680a3ff8-8da9-48d5-838c-9d1185344c74","at":1795722352459,"condition":{"source":"server","code":"link-lost-pump","channelId":null,"hubId":"hub-cpyr9hsb","type":"technical","vendorCode":null,"vendorText":"a write took longer than 500 ms","reportedPriority":"medium","reportedSource":"server","inactivation":[],"unverifiedPumps":[],"delivering":true,"experimental":true,"simulated":true,"aliases":["e-680a3ff8-8da9-48d5-838c-9d1185344c74"],"open":true,"verified":true,"startedAt":1795722352459,"uncertaintyMs":0,"observedAt":1795722352459,"lastStartedAt":1795722352459,"endedAt":null,"endUnobserved":false,"cameLate":false,"late":false,"recurrence":0,"recurring":false},"shown":{"priority":"medium","source":"server","raised":false}}');
INSERT INTO alarm_event VALUES(32,'pump:8002-51740',10,1795722353928,'{"type":"report-noted","at":1795722353621,"report":{"kind":"derived","at":1795722353621,"episodeId":"e-680a3ff8-8da9-48d5-838c-9d1185344c74","code":"link-lost-pump","channelId":null,"hubId":"hub-cpyr9hsb","priority":null,"delivering":true,"text":null,"experimental":true,"simulated":true,"unverifiedPumps":[],"nth":1,"raised":true}}');
INSERT INTO alarm_event VALUES(33,'pump:8002-51740',11,1795722367675,'{"type":"link-regained","at":1795722362267,"root":"pump"}');
INSERT INTO alarm_event VALUES(34,'pump:8002-51740',12,1795722367675,'{"type":"report-noted","at":1795722362267,"report":{"kind":"derived","nth":2,"at":1795722362267,"raised":false,"episodeId":"e-680a3ff8-8da9-48d5-838c-9d1185344c74","code":"link-lost-pump","channelId":null,"hubId":"hub-cpyr9hsb","priority":null,"delivering":true,"text":"a write took longer than 500 ms","unverifiedPumps":[],"experimental":true,"simulated":true}}');
INSERT INTO alarm_event VALUES(35,'pump:8002-51740',13,1795722367675,'{"type":"condition-changed","episodeId":"e-680a3ff8-8da9-48d5-838c-9d1185344c74","at":1795722362267,"change":"ended","condition":{"source":"server","code":"link-lost-pump","channelId":null,"hubId":"hub-cpyr9hsb","type":"technical","vendorCode":null,"vendorText":"a write took longer than 500 ms","reportedPriority":"medium","reportedSource":"server","inactivation":[],"unverifiedPumps":[],"delivering":true,"experimental":true,"simulated":true,"aliases":["e-680a3ff8-8da9-48d5-838c-9d1185344c74"],"open":false,"verified":true,"startedAt":1795722352459,"uncertaintyMs":0,"observedAt":1795722352459,"lastStartedAt":1795722352459,"endedAt":1795722362267,"endUnobserved":false,"cameLate":false,"late":false,"recurrence":0,"recurring":false}}');
INSERT INTO alarm_event VALUES(36,'pump:P-0004',6,1795722367675,'{"type":"report-noted","at":1795722367571,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":686},"occurredAt":1795722362691,"uncertaintyMs":39.37264576030003,"receivedAt":1795722367571,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(37,'pump:P-0001',9,1795722367675,'{"type":"report-noted","at":1795722367571,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":687},"occurredAt":1795722362867,"uncertaintyMs":39.38143658435003,"receivedAt":1795722367571,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(38,'pump:P-0002',5,1795722367675,'{"type":"report-noted","at":1795722367571,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":688},"occurredAt":1795722363083,"uncertaintyMs":39.39223430340003,"receivedAt":1795722367571,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(39,'pump:8002-51740',14,1795722372158,'{"type":"report-noted","at":1795722372074,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":698},"occurredAt":1795722364279,"uncertaintyMs":39.45204799650003,"receivedAt":1795722372074,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(40,'pump:P-0005',4,1795722372158,'{"type":"report-noted","at":1795722372074,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":699},"occurredAt":1795722365215,"uncertaintyMs":39.498835439400025,"receivedAt":1795722372074,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(41,'pump:P-0006',3,1795722372158,'{"type":"report-noted","at":1795722372074,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":700},"occurredAt":1795722365283,"uncertaintyMs":39.50224500720003,"receivedAt":1795722372074,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(42,'pump:8002-51740',15,1795722374557,'{"type":"report-noted","at":1795722374556,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":731},"occurredAt":1795722369178,"uncertaintyMs":39.69699848780003,"receivedAt":1795722374556,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(43,'pump:8002-51740',16,1795722380867,'{"type":"link-lost","at":1795722380835,"root":"pump"}');
INSERT INTO alarm_event VALUES(44,'pump:8002-51740',17,1795722380867,'{"type":"report-noted","at":1795722380835,"report":{"kind":"derived","at":1795722380835,"episodeId":"e-69200e86-cfac-41bf-a005-7747fb807f48","code":"link-lost-pump","channelId":null,"hubId":"hub-cpyr9hsb","priority":null,"delivering":true,"text":null,"experimental":true,"simulated":true,"unverifiedPumps":[],"nth":3,"raised":true}}');
INSERT INTO alarm_event VALUES(45,'pump:8002-51740',18,1795722380867,'{"type":"condition-changed","episodeId":"e-680a3ff8-8da9-48d5-838c-9d1185344c74","at":1795722380835,"change":"started-again","condition":{"source":"server","code":"link-lost-pump","channelId":null,"hubId":"hub-cpyr9hsb","type":"technical","vendorCode":null,"vendorText":"a write took longer than 500 ms","reportedPriority":"medium","reportedSource":"server","inactivation":[],"unverifiedPumps":[],"delivering":true,"experimental":true,"simulated":true,"aliases":["e-680a3ff8-8da9-48d5-838c-9d1185344c74","e-69200e86-cfac-41bf-a005-7747fb807f48"],"open":true,"verified":true,"startedAt":1795722352459,"uncertaintyMs":0,"observedAt":1795722352459,"lastStartedAt":1795722380835,"endedAt":null,"endUnobserved":false,"cameLate":false,"late":false,"recurrence":1,"recurring":false}}');
INSERT INTO alarm_event VALUES(46,'pump:8002-51740',19,1795722395303,'{"type":"link-regained","at":1795722394835,"root":"pump"}');
INSERT INTO alarm_event VALUES(47,'pump:8002-51740',20,1795722395303,'{"type":"report-noted","at":1795722394835,"report":{"kind":"derived","nth":4,"at":1795722394835,"raised":false,"episodeId":"e-69200e86-cfac-41bf-a005-7747fb807f48","code":"link-lost-pump","channelId":null,"hubId":"hub-cpyr9hsb","priority":null,"delivering":true,"text":"a write took longer than 500 ms","unverifiedPumps":[],"experimental":true,"simulated":true}}');
INSERT INTO alarm_event VALUES(48,'pump:8002-51740',21,1795722395303,'{"type":"condition-changed","episodeId":"e-680a3ff8-8da9-48d5-838c-9d1185344c74","at":1795722394835,"change":"ended","condition":{"source":"server","code":"link-lost-pump","channelId":null,"hubId":"hub-cpyr9hsb","type":"technical","vendorCode":null,"vendorText":"a write took longer than 500 ms","reportedPriority":"medium","reportedSource":"server","inactivation":[],"unverifiedPumps":[],"delivering":true,"experimental":true,"simulated":true,"aliases":["e-680a3ff8-8da9-48d5-838c-9d1185344c74","e-69200e86-cfac-41bf-a005-7747fb807f48"],"open":false,"verified":true,"startedAt":1795722352459,"uncertaintyMs":0,"observedAt":1795722352459,"lastStartedAt":1795722380835,"endedAt":1795722394835,"endUnobserved":false,"cameLate":false,"late":false,"recurrence":1,"recurring":false}}');
INSERT INTO alarm_event VALUES(49,'pump:8002-51740',22,1795722396315,'{"type":"report-noted","at":1795722396303,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":865},"occurredAt":1795722395035,"uncertaintyMs":40.98985835730003,"receivedAt":1795722396303,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(50,'pump:8002-51740',23,1795722396315,'{"type":"report-noted","at":1795722396303,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":867},"occurredAt":1795722395775,"uncertaintyMs":41.02687130455003,"receivedAt":1795722396303,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(51,'pump:8002-51740',24,1795722399650,'{"type":"report-noted","at":1795722399162,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":883},"occurredAt":1795722399015,"uncertaintyMs":41.18885292030003,"receivedAt":1795722399162,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(52,'pump:8002-51740',25,1795722404899,'{"type":"report-noted","at":1795722404898,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":911},"occurredAt":1795722404212,"uncertaintyMs":41.448728804250024,"receivedAt":1795722404898,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(53,'pump:8002-51740',26,1795722406854,'{"type":"report-noted","at":1795722406853,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":928},"occurredAt":1795722406256,"uncertaintyMs":41.550891429450026,"receivedAt":1795722406853,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(54,'pump:8002-51740',27,1795722422996,'{"type":"report-noted","at":1795722422995,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1017},"occurredAt":1795722422909,"uncertaintyMs":42.383580128300025,"receivedAt":1795722422995,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(55,'pump:P-0001',10,1795722423759,'{"type":"report-noted","at":1795722423752,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1024},"occurredAt":1795722423681,"uncertaintyMs":42.42214985900003,"receivedAt":1795722423752,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(56,'pump:P-0002',6,1795722423759,'{"type":"report-noted","at":1795722423752,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1025},"occurredAt":1795722423681,"uncertaintyMs":42.42215873355003,"receivedAt":1795722423752,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(57,'pump:P-0004',7,1795722424390,'{"type":"report-noted","at":1795722424390,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1031},"occurredAt":1795722424367,"uncertaintyMs":42.45644282550003,"receivedAt":1795722424390,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(58,'pump:P-0005',5,1795722426276,'{"type":"report-noted","at":1795722426251,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1037},"occurredAt":1795722425357,"uncertaintyMs":42.50596796720003,"receivedAt":1795722426251,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(59,'pump:P-0006',4,1795722426276,'{"type":"report-noted","at":1795722426251,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1038},"occurredAt":1795722425358,"uncertaintyMs":42.50598449800003,"receivedAt":1795722426251,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(60,'pump:8002-51740',28,1795722463735,'{"type":"report-noted","at":1795722463726,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1236},"occurredAt":1795722461981,"uncertaintyMs":44.33714226005003,"receivedAt":1795722463726,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(61,'pump:P-0002',7,1795722466783,'{"type":"report-noted","at":1795722466605,"report":{"kind":"condition","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1252},"occurredAt":1795722464803,"uncertaintyMs":44.47828321235003,"receivedAt":1795722466605,"late":false,"simulated":true,"condition":{"episodeId":"b3b60ab4-3d6b-4809-8591-d3cca2f1a7af","code":"reservoir-empty","vendorCode":"03","vendorText":null,"phase":"start","state":"active","inactivation":[],"priority":"high","prioritySource":"pump","type":"technical","channelId":"1","startedAt":null,"measurementStatus":["demo"],"experimental":false}}}');
INSERT INTO alarm_event VALUES(62,'pump:P-0002',8,1795722466783,'{"type":"episode-opened","episodeId":"b3b60ab4-3d6b-4809-8591-d3cca2f1a7af","at":1795722466605,"condition":{"source":"hub","code":"reservoir-empty","channelId":"1","hubId":"hub-cpyr9hsb","type":"technical","vendorCode":"03","vendorText":null,"reportedPriority":"high","reportedSource":"pump","inactivation":[],"unverifiedPumps":[],"delivering":null,"experimental":false,"simulated":true,"aliases":["b3b60ab4-3d6b-4809-8591-d3cca2f1a7af"],"open":true,"verified":true,"startedAt":1795722464803,"uncertaintyMs":44.47828321235003,"observedAt":1795722466605,"lastStartedAt":1795722464803,"endedAt":null,"endUnobserved":false,"cameLate":false,"late":false,"recurrence":0,"recurring":false},"shown":{"priority":"high","source":"pump","raised":false}}');
INSERT INTO alarm_event VALUES(63,'pump:P-0001',11,1795722467684,'{"type":"report-noted","at":1795722467482,"report":{"kind":"condition","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1266},"occurredAt":1795722467209,"uncertaintyMs":44.59854038125003,"receivedAt":1795722467482,"late":false,"simulated":true,"condition":{"episodeId":"1ff99ba8-843f-4519-bc31-75763beb941d","code":"air-in-line","vendorCode":"02","vendorText":null,"phase":"start","state":"active","inactivation":[],"priority":"high","prioritySource":"pump","type":"technical","channelId":"1","startedAt":null,"measurementStatus":["demo"],"experimental":false}}}');
INSERT INTO alarm_event VALUES(64,'pump:P-0001',12,1795722467684,'{"type":"episode-opened","episodeId":"1ff99ba8-843f-4519-bc31-75763beb941d","at":1795722467482,"condition":{"source":"hub","code":"air-in-line","channelId":"1","hubId":"hub-cpyr9hsb","type":"technical","vendorCode":"02","vendorText":null,"reportedPriority":"high","reportedSource":"pump","inactivation":[],"unverifiedPumps":[],"delivering":null,"experimental":false,"simulated":true,"aliases":["1ff99ba8-843f-4519-bc31-75763beb941d"],"open":true,"verified":true,"startedAt":1795722467209,"uncertaintyMs":44.59854038125003,"observedAt":1795722467482,"lastStartedAt":1795722467209,"endedAt":null,"endUnobserved":false,"cameLate":false,"late":false,"recurrence":0,"recurring":false},"shown":{"priority":"high","source":"pump","raised":false}}');
INSERT INTO alarm_event VALUES(65,'pump:8002-51740',29,1795722469210,'{"type":"link-lost","at":1795722469209,"root":"pump"}');
INSERT INTO alarm_event VALUES(66,'pump:8002-51740',30,1795722469210,'{"type":"report-noted","at":1795722469209,"report":{"kind":"derived","at":1795722469209,"episodeId":"e-988ded50-a3d2-43f5-ba08-aed5a251dc9d","code":"link-lost-pump","channelId":null,"hubId":"hub-cpyr9hsb","priority":null,"delivering":true,"text":null,"experimental":true,"simulated":true,"unverifiedPumps":[],"nth":5,"raised":true}}');
INSERT INTO alarm_event VALUES(67,'pump:8002-51740',31,1795722469210,'{"type":"episode-opened","episodeId":"e-988ded50-a3d2-43f5-ba08-aed5a251dc9d","at":1795722469209,"condition":{"source":"server","code":"link-lost-pump","channelId":null,"hubId":"hub-cpyr9hsb","type":"technical","vendorCode":null,"vendorText":null,"reportedPriority":"medium","reportedSource":"server","inactivation":[],"unverifiedPumps":[],"delivering":true,"experimental":true,"simulated":true,"aliases":["e-988ded50-a3d2-43f5-ba08-aed5a251dc9d"],"open":true,"verified":true,"startedAt":1795722469209,"uncertaintyMs":0,"observedAt":1795722469209,"lastStartedAt":1795722469209,"endedAt":null,"endUnobserved":false,"cameLate":false,"late":false,"recurrence":0,"recurring":false},"shown":{"priority":"medium","source":"server","raised":false}}');
INSERT INTO alarm_event VALUES(68,'pump:P-0001',13,1795722471081,'{"type":"episode-accepted","episodeId":"1ff99ba8-843f-4519-bc31-75763beb941d","at":1795722471080,"by":{"userId":"u-53944eea-ca0b-4b5f-9489-9476508ac218","name":"m.osei"},"requestId":"1885965a-6cad-4bf9-900b-fe182537c943"}');
INSERT INTO alarm_event VALUES(69,'pump:8002-51740',32,1795722471136,'{"type":"link-regained","at":1795722471112,"root":"pump"}');
INSERT INTO alarm_event VALUES(70,'pump:8002-51740',33,1795722471136,'{"type":"report-noted","at":1795722471112,"report":{"kind":"derived","nth":6,"at":1795722471112,"raised":false,"episodeId":"e-988ded50-a3d2-43f5-ba08-aed5a251dc9d","code":"link-lost-pump","channelId":null,"hubId":"hub-cpyr9hsb","priority":null,"delivering":true,"text":null,"unverifiedPumps":[],"experimental":true,"simulated":true}}');
INSERT INTO alarm_event VALUES(71,'pump:8002-51740',34,1795722471136,'{"type":"condition-changed","episodeId":"e-988ded50-a3d2-43f5-ba08-aed5a251dc9d","at":1795722471112,"change":"ended","condition":{"source":"server","code":"link-lost-pump","channelId":null,"hubId":"hub-cpyr9hsb","type":"technical","vendorCode":null,"vendorText":null,"reportedPriority":"medium","reportedSource":"server","inactivation":[],"unverifiedPumps":[],"delivering":true,"experimental":true,"simulated":true,"aliases":["e-988ded50-a3d2-43f5-ba08-aed5a251dc9d"],"open":false,"verified":true,"startedAt":1795722469209,"uncertaintyMs":0,"observedAt":1795722469209,"lastStartedAt":1795722469209,"endedAt":1795722471112,"endUnobserved":false,"cameLate":false,"late":false,"recurrence":0,"recurring":false}}');
INSERT INTO alarm_event VALUES(72,'pump:8002-51740',35,1795722471237,'{"type":"report-noted","at":1795722471236,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1274},"occurredAt":1795722468435,"uncertaintyMs":44.65984446200003,"receivedAt":1795722471236,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(73,'pump:8002-51740',36,1795722471555,'{"type":"report-noted","at":1795722471539,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1286},"occurredAt":1795722471234,"uncertaintyMs":44.79980373070003,"receivedAt":1795722471539,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(74,'pump:P-0001',14,1795722472200,'{"type":"report-noted","at":1795722472196,"report":{"kind":"condition","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1295},"occurredAt":1795722471543,"uncertaintyMs":44.81528155705003,"receivedAt":1795722472196,"late":false,"simulated":true,"condition":{"episodeId":"1ff99ba8-843f-4519-bc31-75763beb941d","code":"air-in-line","vendorCode":"02","vendorText":null,"phase":"end","state":"inactive","inactivation":[],"priority":"high","prioritySource":"pump","type":"technical","channelId":"1","startedAt":null,"measurementStatus":["demo"],"experimental":false}}}');
INSERT INTO alarm_event VALUES(75,'pump:P-0001',15,1795722472200,'{"type":"condition-changed","episodeId":"1ff99ba8-843f-4519-bc31-75763beb941d","at":1795722472196,"change":"ended","condition":{"source":"hub","code":"air-in-line","channelId":"1","hubId":"hub-cpyr9hsb","type":"technical","vendorCode":"02","vendorText":null,"reportedPriority":"high","reportedSource":"pump","inactivation":[],"unverifiedPumps":[],"delivering":null,"experimental":false,"simulated":true,"aliases":["1ff99ba8-843f-4519-bc31-75763beb941d"],"open":false,"verified":true,"startedAt":1795722467209,"uncertaintyMs":44.59854038125003,"observedAt":1795722467482,"lastStartedAt":1795722467209,"endedAt":1795722471543,"endUnobserved":false,"cameLate":false,"late":false,"recurrence":0,"recurring":false}}');
INSERT INTO alarm_event VALUES(76,'pump:P-0001',16,1795722483776,'{"type":"report-noted","at":1795722483774,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1363},"occurredAt":1795722483724,"uncertaintyMs":45.424288338000025,"receivedAt":1795722483774,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(77,'pump:P-0002',9,1795722483776,'{"type":"report-noted","at":1795722483774,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1364},"occurredAt":1795722483732,"uncertaintyMs":45.42469574225003,"receivedAt":1795722483774,"late":false,"simulated":true,"alarms":[{"episodeId":"b3b60ab4-3d6b-4809-8591-d3cca2f1a7af","code":"reservoir-empty","vendorCode":"03","vendorText":null,"phase":"continue","state":"active","inactivation":[],"priority":"high","prioritySource":"pump","type":"technical","channelId":"1","startedAt":null,"measurementStatus":["demo"],"experimental":false}]}}');
INSERT INTO alarm_event VALUES(78,'pump:P-0004',8,1795722484757,'{"type":"report-noted","at":1795722484752,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1370},"occurredAt":1795722484677,"uncertaintyMs":45.47193753135003,"receivedAt":1795722484752,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(79,'pump:P-0005',6,1795722485672,'{"type":"report-noted","at":1795722485671,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1377},"occurredAt":1795722485661,"uncertaintyMs":45.52115199685003,"receivedAt":1795722485671,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(80,'pump:P-0006',5,1795722485672,'{"type":"report-noted","at":1795722485671,"report":{"kind":"snapshot","key":{"hubId":"hub-cpyr9hsb","bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","seq":1378},"occurredAt":1795722485662,"uncertaintyMs":45.52120108180003,"receivedAt":1795722485671,"late":false,"simulated":true,"alarms":[]}}');
INSERT INTO alarm_event VALUES(81,'pump:P-0001',17,1795722501768,'{"type":"episode-resolved","episodeId":"1ff99ba8-843f-4519-bc31-75763beb941d","at":1795722501767,"by":{"userId":"u-53944eea-ca0b-4b5f-9489-9476508ac218","name":"m.osei"},"requestId":"af699d15-a25c-4575-876c-8843496a1b05","resolution":{"class":"true-and-acted","finding":"air","note":"","by":{"userId":"u-53944eea-ca0b-4b5f-9489-9476508ac218","name":"m.osei"},"at":1795722501767}}');
INSERT INTO alarm_event VALUES(82,'pump:P-0001',18,1795722501768,'{"type":"episode-closed","episodeId":"1ff99ba8-843f-4519-bc31-75763beb941d","at":1795722501767,"why":"resolved"}');
CREATE TABLE received_range (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      first_seq INTEGER NOT NULL,
      last_seq INTEGER NOT NULL,
      PRIMARY KEY (hub_id, boot_id, first_seq)
    ) STRICT, WITHOUT ROWID;
INSERT INTO received_range VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1,1477);
CREATE TABLE received_hash (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      hash TEXT NOT NULL,
      PRIMARY KEY (hub_id, boot_id, seq)
    ) STRICT, WITHOUT ROWID;
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1,'jXpBMhibfzVafPPEB44PY40HD36kV_PYfwRoc-C-LtA');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',2,'U9oofdmjV0Qrc9AygMJ1BEte5nbyoMQLobSMGedQuSs');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',3,'_zNCCOBaNyDx4s2dHqGBMiIQH5I2NKO5d4zEOSsQ7Ic');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',5,'tJF5XRDI5uWXPNbR3RX5pAoDaNh59PfoXVGQuNoZwRE');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',6,'V20slMPUCAOOWMK9Amqa_zNiQSFmLpG4A5TF4MY4TBA');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',7,'Lt-g9YIhUbI66YsEc4fnixtFcSkyUfpNccNntnyn0LM');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',8,'c2wQlu0-SOu5d05w_9zxS6K4T3j66Cza_s4HxKafb5I');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',9,'GHUixJ7mXqAuWJu9uAAaheaShmU9EVshdMYtt2678fU');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',10,'XdxgzLN7GT_6rjgimbid6TvpExnC_KQFnYWyO_461u8');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',13,'FY_Pv755ITzmtXf32lPUun4MLyXcnuTadQxjrF9GeLI');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',14,'a6E98eqOJUtt0MulMcLyrcRxa-uG1MlKOCJrzHB-94w');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',15,'1pDj1y-EWE6CJ1JnrljdQjDz8qCir5yUk6-oWuiDCIE');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',16,'ymc46uMK4qOxJ-FArGhLlJ1Ttvk4Ng7578ZE6GpV9mo');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',17,'G72cMaILmP-X-2Funoa1IUVnJpC3TGkoQSGLoVQFA50');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',19,'r2K81l-rVgJYgFGPU0GFw-w6yJL7XHjifr9L7gBu3ZQ');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',23,'665ApOlLMe0F8QdM-kO6r6hb_Oz3F6LnvIepNyA15ns');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',24,'Mp96Z0SMXpFh_kn9G9FinxX7j7997Zj5wrbivxK_8ME');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',29,'3SBigBWGwx5MazV1GIWxgD4h_nvzQpbZSU773CI8KbY');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',30,'RPiJrENLSLfUh4WwdCy_jjZCa8S6KS5njSjPViAWRWc');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',31,'Nm3ZCC-k2uv-j5fcq4jBefg-ZuCFmuMYSKKJqwqGOf4');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',32,'fn8lCWLzUlZLr3kgIli6DqCCcZaYJMparR1ZursU-BM');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',123,'dh1JjimgsUjr9_HjcNbKF8hqeenAJXCu1wu8quY6Syo');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',124,'wgnqMmtfGehHtQ0PDf-IzXfWW5afjYx5pUZ24RmypvQ');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',356,'zSmz5k6gkx1j8ypnAdlr9vvBKo8cQiam7Zgij9TPnXU');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',357,'AyOdJMcMQlUpJCnlGB8o3tGAExzR6agDlk5Ple5bTlk');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',358,'7v3RS5t0CSTBf4mGP1n-KUR6IOxANs2qQCHf-ayNdhM');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',359,'DsHOgWlwyotBEVBmXC9eWtMFlGlXHLu61mN0exZXvhE');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',371,'250CNfWCbneEwIqWz6nVITyMTW3X1U_dQwY-wH503Z4');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',372,'Z2Vh6hU4v8uoAIemGv7T-dT-SSz4BF3kweNYXXN9ydM');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',553,'RybtpQECrrOWyWkzJCyc0Ee6Qeb-IxUOsVNvn3HnIUc');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',556,'cXTSAUTIwAgkrIeRjMymNtVg7xw3ZWp_Om5pH0BKESM');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',601,'pehzXrJoaN6ytRLtieiA4Da4xMR5HUKDL5gqDYE2_qg');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',638,'OZwuEGewKQlGEdvyhxxzOyNPR_Fkfgvasht2HGnq5Tw');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',685,'S7eFIGLlR35rdoSJ4NI4L4AfSNCkC4aCXAcqgUx5lkA');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',686,'-TJvNk82cIuFgcZBHyV2SGgwHpp7F3k437jKRdu-iW8');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',687,'plAYCc1pZqipW3GFy7HbJA-JjHoO4WcFKd12lkjbLk4');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',688,'GRwvdgWBBN1-Ohs7oLgk702RVVjTqYqiUTBTrswjHP0');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',698,'CNrtRCr6NtIrKCddxQMAK_E43hpP6GBaNA9HSjHF8Jo');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',699,'Qymr14A8SB7FL_4uhDf3O9YNfTzGvBTYAfsi9Bt8b3I');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',700,'iiKyPq0gWnnblPxW8c4I0wXIIM-PwryF66mqGXTLpsQ');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',731,'ke0eXsf8dEtluGw8-WkJeR_9DT8o_qnh4cp1ddOJXn8');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',827,'6qB8RLu4c6ilCkBiuYV3ijUnAfMEFqiCo7ZmNPNGEhc');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',859,'eKxizrdrSpklpIuH4_DVC3dbElswMkbpXjBUDbnmSCo');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',865,'pXqOE_8v-ifk6kNqmAqf7dtfe5vzcTtVu6ZywDBiADI');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',867,'f5oITB8gcgGNwfpCpDnxRoSbPJmKBPeBcdkn8L1wqHc');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',883,'24OsVdQUCKSrq8iS3aScANylm30Wr3QZdHw9VapChbc');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',911,'QprY82m87DKLAtsXlyQ_1uF39SzIzjYrkUD65I8mYgQ');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',928,'HIPgzm4-4KZFyClXl87fhb3dl99LYq7x4g7YnMjcDCo');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1017,'nj3JHkE9T2iZLvFx3KTG__1XVUMVO4oXLMwD5SzO1Q8');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1024,'BJY4oATp0obQ8NVPzysQMYMGzL7Cqng0dmGET3kLS6A');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1025,'7xNtuUNnGbSAaffP9EryB5pgzWK_0D2pkodvkfgIPS8');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1031,'U9l0j5rYeeBxtY-O9o3yAy7MxDR2c0C_0QVQ93ovk-M');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1037,'nasCHjU4UkJCquwJXRSyJzZTaxw2eLmQbHt29GHENM0');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1038,'eHPDxUb4gt-BS5KiqS85ETHJUG6KnAg6z3eOHRzkpeA');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1236,'DSlBpb4uQE0dfRyU8q1mJqwk5siL-At06zqd2btTyiE');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1252,'vxuBhR2Cimu2LT6w8VfxhLmBwe5kA_MaU3N9KQXXa2E');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1257,'0R3S8XfU3gTrwnosC6Ob2KJpLUmpnQ9QTxJuI5hm-Jc');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1266,'Ihvk-2ZjEtzryQq9kHYkrsegP066yukQ-EZIfPSoRzg');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1273,'qLlExd5EIWqSRE_Nq2rc5Qho39bFT1qvnV0OdjyAHX0');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1274,'uygJR3_w--NdjgUhAUyuP0_UjLKH14Mb6kXxLBskrBc');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1286,'w0m06CGYoYgqH_RKynrk3FLPUqLHNgWM0Hivjpy8bns');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1295,'2gwZOlJvrt_wirAYePkKwItxdoLBa8SYHxwXF-u0NnE');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1297,'GGyVVVfRFo8FA1J27COPYIAhwLtirGJZ1kB9QLiog-o');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1363,'ijzr4ntVXK4RFAJ_y-_d3RFIsbgxVen4p5dGwEbQxCI');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1364,'DzTBv_7Hyq9nrAn_dhTTBGvuinR1FD2EzFQumqhT59c');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1370,'8cW7DH3d2l_hM71JIXl8F6mO6839FMZXxh0S-v6RM3U');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1377,'RIQdJvuQOHhf883TT9lyegmrwDKwF6sYRhuABukw_7A');
INSERT INTO received_hash VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1378,'mj4N24JBMb2INI2VC88Vqo8dVfT3a5nKTa5a-kVNAWQ');
CREATE TABLE boot (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      first_seq INTEGER,
      dated_to_ms REAL NOT NULL DEFAULT -1,
      start_low INTEGER,
      start_high INTEGER,
      interval_until_ms REAL,
      first_heard_at INTEGER,
      PRIMARY KEY (hub_id, boot_id)
    ) STRICT, WITHOUT ROWID;
INSERT INTO boot VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1,277344.67484500003,NULL,NULL,NULL,1795722240993);
CREATE TABLE anchor (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      monotonic_ms REAL NOT NULL,
      server_at INTEGER NOT NULL,
      error_ms REAL NOT NULL,
      PRIMARY KEY (hub_id, boot_id, monotonic_ms)
    ) STRICT, WITHOUT ROWID;
INSERT INTO anchor VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1253.648684,1795722241022,33.28920900000003);
CREATE TABLE hub_record (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      pump_id TEXT,
      kind TEXT NOT NULL,
      occurred_at INTEGER NOT NULL,
      uncertainty_ms REAL NOT NULL,
      received_at INTEGER NOT NULL,
      late INTEGER NOT NULL,
      record TEXT NOT NULL,
      PRIMARY KEY (hub_id, boot_id, seq)
    ) STRICT, WITHOUT ROWID;
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1,NULL,'event',1795722240890,33.29581154625003,1795722241093,0,'{"seq":1,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":1121.597759,"wallAt":1795722240886,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":null,"body":{"event":"hub-started","detail":{"version":"0.1.0"},"measurementStatus":[]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',2,'8002-51740','event',1795722240953,33.29265882925003,1795722241093,0,'{"seq":2,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":1184.652099,"wallAt":1795722240949,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"8002-51740","body":{"event":"link-up","detail":{"port":"home-7"},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',7,'P-0001','event',1795722241154,33.29579804155003,1795722241155,0,'{"seq":7,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":1385.429515,"wallAt":1795722241149,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"P-0001","body":{"event":"link-up","detail":{"port":"home-12"},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',8,'P-0002','event',1795722241156,33.29591134025003,1795722241173,0,'{"seq":8,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":1387.695489,"wallAt":1795722241152,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"P-0002","body":{"event":"link-up","detail":{"port":"home-3"},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',13,'P-0004','event',1795722241179,33.29705249845003,1795722241192,0,'{"seq":13,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":1410.518653,"wallAt":1795722241175,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"P-0004","body":{"event":"link-up","detail":{"port":"home-21"},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',23,'P-0006','event',1795722242709,33.37356957235003,1795722242729,0,'{"seq":23,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":2940.860131,"wallAt":1795722242705,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"P-0006","body":{"event":"power-on","detail":{},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',24,'P-0005','event',1795722242727,33.37445626385003,1795722242733,0,'{"seq":24,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":2958.593961,"wallAt":1795722242723,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"P-0005","body":{"event":"power-on","detail":{},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',29,'P-0005','event',1795722243183,33.397267077150026,1795722243187,0,'{"seq":29,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":3414.810227,"wallAt":1795722243179,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"P-0005","body":{"event":"link-up","detail":{"port":"mqtt"},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',30,'P-0006','event',1795722243183,33.39728366855003,1795722243187,0,'{"seq":30,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":3415.142055,"wallAt":1795722243179,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"P-0006","body":{"event":"link-up","detail":{"port":"mqtt"},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',124,'P-0001','event',1795722260359,34.25605692135003,1795722260755,0,'{"seq":124,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":20590.607111,"wallAt":1795722260355,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"P-0001","body":{"event":"delivery-stop","detail":{"from":"infusing","to":"stopped-alarm","reason":"alarming"},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',556,'P-0001','event',1795722337407,38.10845765775003,1795722338903,0,'{"seq":556,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":97638.621839,"wallAt":1795722337403,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"P-0001","body":{"event":"delivery-start","detail":{"from":"stopped-alarm","to":"infusing","rateMlPerHour":125},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',638,'8002-51740','event',1795722352459,38.86106266390003,1795722353386,0,'{"seq":638,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":112690.721962,"wallAt":1795722352455,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"8002-51740","body":{"event":"link-down","detail":{"port":"home-7","reason":"a write took longer than 500 ms"},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',685,'8002-51740','event',1795722362267,39.35147682865003,1795722367571,0,'{"seq":685,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":122499.005257,"wallAt":1795722362263,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"8002-51740","body":{"event":"link-up","detail":{"port":"home-7"},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',827,'8002-51740','event',1795722374323,39.95425412035003,1795722392556,0,'{"seq":827,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":134554.551091,"wallAt":1795722374319,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"8002-51740","body":{"event":"link-down","detail":{"port":"home-7","reason":"a write took longer than 500 ms"},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',859,'8002-51740','event',1795722394835,40.97986450685003,1795722395192,0,'{"seq":859,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":155066.758821,"wallAt":1795722394831,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"8002-51740","body":{"event":"link-up","detail":{"port":"home-7"},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1257,'P-0002','event',1795722466471,44.56166478280003,1795722467482,0,'{"seq":1257,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":226702.76434,"wallAt":1795722466467,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"P-0002","body":{"event":"delivery-stop","detail":{"from":"infusing","to":"stopped-alarm","reason":"alarming"},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1273,'P-0001','event',1795722467961,44.63616833730003,1795722471076,0,'{"seq":1273,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":228192.83543,"wallAt":1795722467957,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"P-0001","body":{"event":"delivery-stop","detail":{"from":"infusing","to":"stopped-alarm","reason":"alarming"},"measurementStatus":["demo"]}}');
INSERT INTO hub_record VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1297,'P-0001','event',1795722472199,44.848051490500026,1795722473103,0,'{"seq":1297,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":232430.498494,"wallAt":1795722472195,"clockQuality":"unknown","lane":"alarm","kind":"event","pumpId":"P-0001","body":{"event":"delivery-start","detail":{"from":"stopped-alarm","to":"infusing","rateMlPerHour":125},"measurementStatus":["demo"]}}');
CREATE TABLE request_number (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      first INTEGER NOT NULL,
      last INTEGER NOT NULL,
      PRIMARY KEY (hub_id, boot_id, first)
    ) STRICT, WITHOUT ROWID;
INSERT INTO request_number VALUES('hub-cpyr9hsb','bbf9d76d-fb47-4a58-a667-75bf15b55194',1,391);
CREATE TABLE hub (
      hub_id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('active', 'revoked')),
      created_at INTEGER NOT NULL,
      enrolled_at INTEGER,
      last_heard_at INTEGER,
      last_heartbeat TEXT
    ) STRICT, WITHOUT ROWID;
INSERT INTO hub VALUES('hub-cpyr9hsb','demo','active',1795722238334,1795722240963,1795722502982,'{"v":1,"bootId":"bbf9d76d-fb47-4a58-a667-75bf15b55194","monotonicMs":263202.235994,"wallAt":1795722502966,"clockQuality":"unknown","anchor":{"monotonicMs":258917.01167,"serverAt":1795722498683,"errorMs":2.857415000005858},"versions":{"gateway":"0.1.0","node":"v24.21.0"},"manifest":{"firstSeq":1,"lastSeq":1471},"outbox":{"alarm":{"rows":0,"oldestAgeMs":null},"telemetry":{"rows":0,"oldestAgeMs":null},"quarantined":0,"tombstoned":0,"diskFreeBytes":74462892032},"ports":[{"name":"home-12","protocol":"ip1","link":"up","reason":null,"counters":{"ok":279,"bytes":20427,"stale":1}},{"name":"home-3","protocol":"ip1","link":"up","reason":null,"counters":{"ok":272,"bytes":19688,"stale":3}},{"name":"home-7","protocol":"alaris-acp","link":"up","reason":null,"counters":{"ok":370,"bytes":15856,"timeouts":17,"reconnects":12,"bad":2}},{"name":"home-21","protocol":"ip1","link":"up","reason":null,"counters":{"ok":264,"bytes":20403}},{"name":"mqtt","protocol":"mqtt-json","link":"up","reason":null,"counters":{"connects":2,"bytes":401074,"ok":524}}],"pumps":[{"pumpId":"P-0001","port":"home-12","protocol":"ip1","link":"up","silentMs":308.2419189999928,"statusIntervalMs":1000,"maker":"Simulated","model":"generic-ambulatory","firmware":"1.0.0","serial":"P-0001","experimental":false,"simulated":true},{"pumpId":"P-0002","port":"home-3","protocol":"ip1","link":"up","silentMs":161.1824229999911,"statusIntervalMs":1000,"maker":"Simulated","model":"generic-ambulatory","firmware":"1.0.0","serial":"P-0002","experimental":false,"simulated":true},{"pumpId":"8002-51740","port":"home-7","protocol":"alaris-acp","link":"up","silentMs":1541.0864160000347,"statusIntervalMs":2000,"maker":null,"model":null,"firmware":"Asena Rev 2.1.5","serial":"8002-51740","experimental":true,"simulated":true},{"pumpId":"P-0004","port":"home-21","protocol":"ip1","link":"up","silentMs":175.51477399998112,"statusIntervalMs":1000,"maker":"Simulated","model":"generic-ambulatory","firmware":"1.0.0","serial":"P-0004","experimental":false,"simulated":true},{"pumpId":"P-0006","port":"mqtt","protocol":"mqtt-json","link":"up","silentMs":178.4142470000079,"statusIntervalMs":1000,"maker":"Simulated","model":"generic-ambulatory","firmware":"1.0.0","serial":"P-0006","experimental":false,"simulated":true},{"pumpId":"P-0005","port":"mqtt","protocol":"mqtt-json","link":"up","silentMs":198.30827199999476,"statusIntervalMs":1000,"maker":"Simulated","model":"generic-ambulatory","firmware":"1.0.0","serial":"P-0005","experimental":false,"simulated":true}],"conditions":[]}');
CREATE TABLE hub_key (
      key_id TEXT PRIMARY KEY,
      hub_id TEXT NOT NULL REFERENCES hub (hub_id),
      public_key BLOB NOT NULL CHECK (length(public_key) = 32),
      state TEXT NOT NULL CHECK (state IN ('active', 'revoked')),
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
INSERT INTO hub_key VALUES('k-hcRgdj-nXf4qhsQMKd_HtJ','hub-cpyr9hsb',X'3551fc1fac86295c913d4eeb6b4fe644ee71a7a1b6f4104d977f27ac51118484','active',1795722240963);
CREATE TABLE claim (
      claim_id TEXT PRIMARY KEY,
      hub_id TEXT NOT NULL REFERENCES hub (hub_id),
      code_mac BLOB NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      tries_left INTEGER NOT NULL,
      used_at INTEGER,
      used_by_key TEXT
    ) STRICT, WITHOUT ROWID;
INSERT INTO claim VALUES('WE3gwBCzdsbMRRcj1wVC1w','hub-cpyr9hsb',X'e9ee56ed227681c13b5f035af76564669164ec5db560face51d84860f94b9ab3',1795722238334,1795722838334,4,1795722240963,'k-hcRgdj-nXf4qhsQMKd_HtJ');
CREATE TABLE enrol_nonce (
      nonce TEXT PRIMARY KEY,
      claim_id TEXT NOT NULL REFERENCES claim (claim_id),
      expires_at INTEGER NOT NULL,
      used_at INTEGER
    ) STRICT, WITHOUT ROWID;
INSERT INTO enrol_nonce VALUES('JOkOWltDRygxSMW6_L_X1A','WE3gwBCzdsbMRRcj1wVC1w',1795722300920,1795722240963);
CREATE TABLE pump (
      pump_id TEXT PRIMARY KEY,
      hub_id TEXT NOT NULL REFERENCES hub (hub_id),
      report TEXT NOT NULL,
      reported_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
INSERT INTO pump VALUES('8002-51740','hub-cpyr9hsb','{"pumpId":"8002-51740","port":"home-7","protocol":"alaris-acp","link":"up","silentMs":1541.0864160000347,"statusIntervalMs":2000,"maker":null,"model":null,"firmware":"Asena Rev 2.1.5","serial":"8002-51740","experimental":true,"simulated":true}',1795722502982);
INSERT INTO pump VALUES('P-0001','hub-cpyr9hsb','{"pumpId":"P-0001","port":"home-12","protocol":"ip1","link":"up","silentMs":308.2419189999928,"statusIntervalMs":1000,"maker":"Simulated","model":"generic-ambulatory","firmware":"1.0.0","serial":"P-0001","experimental":false,"simulated":true}',1795722502982);
INSERT INTO pump VALUES('P-0002','hub-cpyr9hsb','{"pumpId":"P-0002","port":"home-3","protocol":"ip1","link":"up","silentMs":161.1824229999911,"statusIntervalMs":1000,"maker":"Simulated","model":"generic-ambulatory","firmware":"1.0.0","serial":"P-0002","experimental":false,"simulated":true}',1795722502982);
INSERT INTO pump VALUES('P-0004','hub-cpyr9hsb','{"pumpId":"P-0004","port":"home-21","protocol":"ip1","link":"up","silentMs":175.51477399998112,"statusIntervalMs":1000,"maker":"Simulated","model":"generic-ambulatory","firmware":"1.0.0","serial":"P-0004","experimental":false,"simulated":true}',1795722502982);
INSERT INTO pump VALUES('P-0005','hub-cpyr9hsb','{"pumpId":"P-0005","port":"mqtt","protocol":"mqtt-json","link":"up","silentMs":198.30827199999476,"statusIntervalMs":1000,"maker":"Simulated","model":"generic-ambulatory","firmware":"1.0.0","serial":"P-0005","experimental":false,"simulated":true}',1795722502982);
INSERT INTO pump VALUES('P-0006','hub-cpyr9hsb','{"pumpId":"P-0006","port":"mqtt","protocol":"mqtt-json","link":"up","silentMs":178.4142470000079,"statusIntervalMs":1000,"maker":"Simulated","model":"generic-ambulatory","firmware":"1.0.0","serial":"P-0006","experimental":false,"simulated":true}',1795722502982);
CREATE TABLE account (
      user_id TEXT PRIMARY KEY,
      name TEXT NOT NULL UNIQUE COLLATE NOCASE,
      role TEXT NOT NULL CHECK (role IN ('nurse', 'lead', 'engineer', 'admin')),
      password_hash TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      disabled_at INTEGER
    ) STRICT, WITHOUT ROWID;
CREATE TABLE session (
      id_hash BLOB PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES account (user_id),
      created_at INTEGER NOT NULL,
      last_used_at INTEGER NOT NULL,
      ends_at INTEGER NOT NULL,
      ended_at INTEGER
    ) STRICT, WITHOUT ROWID;
CREATE TABLE app_user (
    user_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0
  ) STRICT;
INSERT INTO app_user VALUES('u-757bf7f7-98ce-4425-ad16-dcdf93b5a1e8','j.lind','j.lind','lead','$argon2id$v=19$m=65536,t=3,p=1$zYX2yUP+o4lkfPtBNgBzxQ$b0hD6LYT23KTXuW/+FUWpVQXPgRgV70XHiWPHmlD7e0',0);
INSERT INTO app_user VALUES('u-53944eea-ca0b-4b5f-9489-9476508ac218','m.osei','m.osei','nurse','$argon2id$v=19$m=65536,t=3,p=1$gdyDNAfTbAiAtplHaQv+yA$CicXShqML/Csb6LYi2qYF5DRsm4oUO9iGoHGd56Gc74',0);
INSERT INTO app_user VALUES('u-d36554c7-c01e-4d92-8a30-f841118d895e','r.costa','r.costa','engineer','$argon2id$v=19$m=65536,t=3,p=1$QbnkEJcdyFvqZy8TR/f1uw$x8Dz2OIS+rsPzGmELB2WMn27iUUS780UVNNti8Nz+2M',0);
INSERT INTO app_user VALUES('u-370b94ab-87e5-40ef-aaeb-8b1877e3ab90','a.novak','a.novak','admin','$argon2id$v=19$m=65536,t=3,p=1$P0oV7v932rGFD170e6QGgA$nigJZf7uHcN4P/lJCAoPfGjFyIuOEfW3vFT+n3CVLUQ',0);
CREATE TABLE app_session (
    id_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES app_user (user_id),
    started_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
  ) STRICT;
INSERT INTO app_session VALUES('BZB5S_YSF7MDBD_qx4p_iKaMWnzYKn6wkBrTGyXmxgk','u-53944eea-ca0b-4b5f-9489-9476508ac218',1795722463354,1795722463354);
INSERT INTO app_session VALUES('Kx2hzfZnbQ-IEDDEBZeN-uWh26KgH4wowecUaTjQvUc','u-53944eea-ca0b-4b5f-9489-9476508ac218',1795722487900,1795722487900);
INSERT INTO app_session VALUES('2tXprpbwRDOj6Ub_L2celjjAU1Det-vuDTxr_TkgkPo','u-53944eea-ca0b-4b5f-9489-9476508ac218',1795722493983,1795722493983);
INSERT INTO app_session VALUES('4tNNX6iLnZO_x_XjbwBQSNS-CItW8O2lHleD56akI3A','u-53944eea-ca0b-4b5f-9489-9476508ac218',1795722501734,1795722501734);
DELETE FROM sqlite_sequence WHERE name='alarm_event';
INSERT INTO sqlite_sequence VALUES('alarm_event',82);
CREATE INDEX hub_record_of_pump ON hub_record (pump_id, occurred_at);
CREATE INDEX hub_key_of_hub ON hub_key (hub_id);
CREATE INDEX enrol_nonce_of_claim ON enrol_nonce (claim_id);
CREATE INDEX session_of_user ON session (user_id);
CREATE INDEX app_session_by_user ON app_session (user_id);
PRAGMA user_version=3;
PRAGMA application_id=0;
COMMIT;
