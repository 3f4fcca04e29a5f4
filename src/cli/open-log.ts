import type { RunSettings } from '../config/run-settings.ts';
import { jsonLog } from '../telemetry/json-log.ts';
import type { Log } from '../telemetry/log.ts';
import { SinkLog } from '../telemetry/sink-log.ts';
import { textLog } from '../telemetry/text-log.ts';
import type { Invocation } from './command.ts';

/** The log on stderr, in the form that was asked for. */
export function openLog(settings: RunSettings, { stderr, terminal, coloured }: Invocation): Log {
	const { logFormat, logLevel } = settings;
	const text = logFormat === 'text' || (logFormat === 'auto' && terminal);
	const format = text ? textLog(coloured) : jsonLog(settings.function.name);
	return new SinkLog(stderr, format, logLevel);
}
