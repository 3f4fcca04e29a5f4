import type { HostSettings } from '../config/host-settings.ts';
import { FunctionLog } from '../telemetry/function-log.ts';
import { jsonLog } from '../telemetry/json-log.ts';
import type { Log } from '../telemetry/log.ts';
import { SinkLog } from '../telemetry/sink-log.ts';
import { textLog } from '../telemetry/text-log.ts';
import type { Invocation } from './command.ts';

type LogSettings = Pick<HostSettings, 'logFormat' | 'logLevel'>;

/** The log on stderr, in the form that was asked for. Output that goes to it is that of `functionName`. */
export function openLog(settings: LogSettings, functionName: string, invocation: Invocation): Log {
	return sinkLog(settings, functionName, false, invocation);
}

/** The log of one function among several, on the same stderr. */
export function openFunctionLog(settings: LogSettings, functionName: string, invocation: Invocation): Log {
	return new FunctionLog(sinkLog(settings, functionName, true, invocation), functionName);
}

function sinkLog(settings: LogSettings, name: string, named: boolean, invocation: Invocation): Log {
	const { logFormat, logLevel } = settings;
	const { stderr, terminal, coloured } = invocation;
	const text = logFormat === 'text' || (logFormat === 'auto' && terminal);
	const format = text ? textLog(coloured, named ? name : '') : jsonLog(name);
	return new SinkLog(stderr, format, logLevel);
}
