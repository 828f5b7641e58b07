PRAGMA foreign_keys=OFF;
BEGIN;
CREATE TABLE records (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  boot_id TEXT NOT NULL,
  lane TEXT NOT NULL,
  kind TEXT NOT NULL,
  pump_id TEXT,
  mono_ms REAL NOT NULL,
  wall_ms INTEGER NOT NULL,
  clock_quality TEXT NOT NULL,
  body TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;
INSERT INTO records VALUES(1478,'bbf9d76d-fb47-4a58-a667-75bf15b55194','telemetry','telemetry','P-0001',264201.461512,1795722503965,'unknown','{"channelId":"1","pumpSerial":"P-0001","pumpClockAt":null,"measurementStatus":["valid","demo"],"operatingState":"infusing","notDeliveringReason":null,"deliveryMode":"continuous","rateMlPerHour":125,"programmedRateMlPerHour":null,"kvoRateMlPerHour":null,"vtbiMl":null,"programRemainingMl":993.615,"infusedTotalMl":6.385,"infusedSegmentMl":null,"containerStartMl":null,"timeRemainingSeconds":28616,"programmedTimeSeconds":null,"doseIntervalMinutes":null,"doseRate":null,"concentrationMgPerMl":null,"drugLabel":null,"stepIndex":null,"stepCount":null,"pcaGiven":null,"pcaAttempted":null,"linePressureMmHg":65,"airAccumulatedMl":null,"batteryPercent":88,"batteryMinutesRemaining":null,"powerSource":"onBattery","airDetectorEnabled":null,"upstreamSensorEnabled":null,"activeAlarms":[],"raw":{}}',2588681011);
INSERT INTO records VALUES(1479,'bbf9d76d-fb47-4a58-a667-75bf15b55194','telemetry','telemetry','P-0005',264201.737045,1795722503966,'unknown','{"channelId":"1","pumpSerial":"P-0005","pumpClockAt":null,"measurementStatus":["demo"],"operatingState":"infusing","notDeliveringReason":null,"deliveryMode":"continuous","rateMlPerHour":40,"programmedRateMlPerHour":40,"kvoRateMlPerHour":2,"vtbiMl":500,"programRemainingMl":497.067,"infusedTotalMl":2.933,"infusedSegmentMl":2.933,"containerStartMl":520,"timeRemainingSeconds":44735,"programmedTimeSeconds":null,"doseIntervalMinutes":null,"doseRate":null,"concentrationMgPerMl":null,"drugLabel":null,"stepIndex":null,"stepCount":null,"pcaGiven":null,"pcaAttempted":null,"linePressureMmHg":37,"airAccumulatedMl":0,"batteryPercent":88,"batteryMinutesRemaining":565,"powerSource":"onBattery","airDetectorEnabled":true,"upstreamSensorEnabled":true,"activeAlarms":[],"raw":{}}',2670159278);
INSERT INTO records VALUES(1480,'bbf9d76d-fb47-4a58-a667-75bf15b55194','telemetry','telemetry','P-0006',264202.105111,1795722503966,'unknown','{"channelId":"1","pumpSerial":"P-0006","pumpClockAt":null,"measurementStatus":["demo"],"operatingState":"infusing","notDeliveringReason":null,"deliveryMode":"continuous","rateMlPerHour":62.5,"programmedRateMlPerHour":62.5,"kvoRateMlPerHour":2,"vtbiMl":750,"programRemainingMl":745.417,"infusedTotalMl":4.583,"infusedSegmentMl":4.583,"containerStartMl":760,"timeRemainingSeconds":42936,"programmedTimeSeconds":null,"doseIntervalMinutes":null,"doseRate":null,"concentrationMgPerMl":null,"drugLabel":null,"stepIndex":null,"stepCount":null,"pcaGiven":null,"pcaAttempted":null,"linePressureMmHg":43,"airAccumulatedMl":0,"batteryPercent":88,"batteryMinutesRemaining":565,"powerSource":"onBattery","airDetectorEnabled":true,"upstreamSensorEnabled":true,"activeAlarms":[],"raw":{}}',963785214);
INSERT INTO records VALUES(1481,'bbf9d76d-fb47-4a58-a667-75bf15b55194','telemetry','telemetry','P-0002',264202.397807,1795722503966,'unknown','{"channelId":"1","pumpSerial":"P-0002","pumpClockAt":null,"measurementStatus":["valid","demo"],"operatingState":"stopped-alarm","notDeliveringReason":"alarming","deliveryMode":"continuous","rateMlPerHour":0,"programmedRateMlPerHour":null,"kvoRateMlPerHour":null,"vtbiMl":null,"programRemainingMl":99.869,"infusedTotalMl":0.131,"infusedSegmentMl":null,"containerStartMl":null,"timeRemainingSeconds":null,"programmedTimeSeconds":null,"doseIntervalMinutes":null,"doseRate":null,"concentrationMgPerMl":null,"drugLabel":null,"stepIndex":null,"stepCount":null,"pcaGiven":null,"pcaAttempted":null,"linePressureMmHg":23,"airAccumulatedMl":null,"batteryPercent":88,"batteryMinutesRemaining":null,"powerSource":"onBattery","airDetectorEnabled":null,"upstreamSensorEnabled":null,"activeAlarms":["reservoir-empty"],"raw":{}}',3934374663);
INSERT INTO records VALUES(1482,'bbf9d76d-fb47-4a58-a667-75bf15b55194','telemetry','telemetry','P-0004',264263.807102,1795722504028,'unknown','{"channelId":"1","pumpSerial":"P-0004","pumpClockAt":null,"measurementStatus":["valid","demo"],"operatingState":"infusing","notDeliveringReason":null,"deliveryMode":"continuous","rateMlPerHour":85,"programmedRateMlPerHour":null,"kvoRateMlPerHour":null,"vtbiMl":null,"programRemainingMl":993.767,"infusedTotalMl":6.233,"infusedSegmentMl":null,"containerStartMl":null,"timeRemainingSeconds":42088,"programmedTimeSeconds":null,"doseIntervalMinutes":null,"doseRate":null,"concentrationMgPerMl":null,"drugLabel":null,"stepIndex":null,"stepCount":null,"pcaGiven":null,"pcaAttempted":null,"linePressureMmHg":52,"airAccumulatedMl":null,"batteryPercent":88,"batteryMinutesRemaining":null,"powerSource":"onBattery","airDetectorEnabled":null,"upstreamSensorEnabled":null,"activeAlarms":[],"raw":{}}',548370778);
INSERT INTO records VALUES(1483,'bbf9d76d-fb47-4a58-a667-75bf15b55194','telemetry','telemetry','P-0005',265029.184508,1795722504793,'unknown','{"channelId":"1","pumpSerial":"P-0005","pumpClockAt":null,"measurementStatus":["demo"],"operatingState":"infusing","notDeliveringReason":null,"deliveryMode":"continuous","rateMlPerHour":40,"programmedRateMlPerHour":40,"kvoRateMlPerHour":2,"vtbiMl":500,"programRemainingMl":497.056,"infusedTotalMl":2.944,"infusedSegmentMl":2.944,"containerStartMl":520,"timeRemainingSeconds":44734,"programmedTimeSeconds":null,"doseIntervalMinutes":null,"doseRate":null,"concentrationMgPerMl":null,"drugLabel":null,"stepIndex":null,"stepCount":null,"pcaGiven":null,"pcaAttempted":null,"linePressureMmHg":36,"airAccumulatedMl":0,"batteryPercent":88,"batteryMinutesRemaining":565,"powerSource":"onBattery","airDetectorEnabled":true,"upstreamSensorEnabled":true,"activeAlarms":[],"raw":{}}',2890860198);
INSERT INTO records VALUES(1484,'bbf9d76d-fb47-4a58-a667-75bf15b55194','telemetry','telemetry','P-0006',265029.640879,1795722504794,'unknown','{"channelId":"1","pumpSerial":"P-0006","pumpClockAt":null,"measurementStatus":["demo"],"operatingState":"infusing","notDeliveringReason":null,"deliveryMode":"continuous","rateMlPerHour":62.5,"programmedRateMlPerHour":62.5,"kvoRateMlPerHour":2,"vtbiMl":750,"programRemainingMl":745.399,"infusedTotalMl":4.601,"infusedSegmentMl":4.601,"containerStartMl":760,"timeRemainingSeconds":42935,"programmedTimeSeconds":null,"doseIntervalMinutes":null,"doseRate":null,"concentrationMgPerMl":null,"drugLabel":null,"stepIndex":null,"stepCount":null,"pcaGiven":null,"pcaAttempted":null,"linePressureMmHg":44,"airAccumulatedMl":0,"batteryPercent":88,"batteryMinutesRemaining":565,"powerSource":"onBattery","airDetectorEnabled":true,"upstreamSensorEnabled":true,"activeAlarms":[],"raw":{}}',1903228440);
CREATE TABLE quarantine (
  seq INTEGER PRIMARY KEY,
  boot_id TEXT,
  kind TEXT,
  pump_id TEXT,
  mono_ms REAL,
  wall_ms INTEGER,
  clock_quality TEXT,
  body TEXT,
  crc INTEGER,
  reason TEXT NOT NULL
) STRICT;
DELETE FROM sqlite_sequence WHERE name='records';
INSERT INTO sqlite_sequence VALUES('records',1484);
PRAGMA user_version=0;
PRAGMA application_id=0;
COMMIT;
