/** One JSON object a line: `{time, level, message, …fields}`, and `{time, stream, function, requestId?, line}`. */
import type { LogFields, LogLevel } from './log.ts';
import type { LogFormat } from './sink-log.ts';

/** Names of a record that a field can not take. */
const RESERVED = new Set(['time', 'level', 'message']);

/** `time` is ISO 8601 in UTC with milliseconds. */
export function jsonLog(functionName: string): LogFormat {
	const tail = `,"function":${JSON.stringify(functionName)}`;
	return {
		record(time: Date, level: LogLevel, message: string, fields: LogFields): string {
			let text = `{"time":"${time.toISOString()}","level":"${level}","message":${JSON.stringify(message)}`;
			for (const [name, value] of Object.entries(fields)) {
				if (value === undefined) continue;
				const key = RESERVED.has(name) ? `field.${name}` : name;
				text += `,${JSON.stringify(key)}:${JSON.stringify(value)}`;
			}
			return `${text}}\n`;
		},
		output(time: Date, stream: 'stdout' | 'stderr', line: string, requestId: string | null): string {
			const request = requestId === null ? '' : `,"requestId":${JSON.stringify(requestId)}`;
			return `{"time":"${time.toISOString()}","stream":"${stream}"${tail}${request},"line":${JSON.stringify(line)}}\n`;
		},
	};
}
