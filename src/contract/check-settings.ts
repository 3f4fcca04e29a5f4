/** Judges the settings of a function. Answers every mistake at once, each with what was found and wanted. */
import { checkEnvironment } from './environment.ts';
import { checkFunctionName, checkUrnPart, checkVersion } from './function-name.ts';
import type { FunctionSettings } from './function-settings.ts';
import { LIMITS } from './limits.ts';

export function checkSettings(settings: FunctionSettings): string[] {
	return [
		...checkCodeRoot(settings.codeRoot),
		...checkFunctionName(settings.name),
		...checkUrnPart('package', settings.package),
		...checkVersion(settings.version),
		...checkUrnPart('projectId', settings.projectId),
		...checkUrnPart('region', settings.region),
		...checkMemory(settings.memoryMb),
		...checkTimeout(settings.timeoutSeconds, settings.streamResponse),
		...checkInitTimeout(settings.initTimeoutSeconds),
		...checkEnvironment(settings.environment),
	];
}

/** Megabytes: one of the platform's sizes (documented). */
export function checkMemory(memoryMb: number): string[] {
	const sizes: readonly number[] = LIMITS.memorySizesMb;
	return sizes.includes(memoryMb) ? [] : [`memory is ${memoryMb} MB; wanted one of ${sizes.join(', ')}`];
}

/** Whole seconds, 3 to 259,200; with `is_return_stream` at most 300 (documented). */
export function checkTimeout(timeoutSeconds: number, streamResponse: boolean): string[] {
	const max = streamResponse ? LIMITS.streamTimeoutSecondsMax : LIMITS.timeoutSecondsMax;
	const why = streamResponse ? ' for a function that streams' : '';
	return checkSeconds('timeout', timeoutSeconds, LIMITS.timeoutSecondsMin, max, why);
}

/** Whole seconds, 1 to 300 (documented). */
export function checkInitTimeout(initTimeoutSeconds: number): string[] {
	const { initTimeoutSecondsMin, initTimeoutSecondsMax } = LIMITS;
	return checkSeconds('init timeout', initTimeoutSeconds, initTimeoutSecondsMin, initTimeoutSecondsMax, '');
}

function checkSeconds(field: string, found: number, min: number, max: number, why: string): string[] {
	const inRange = Number.isInteger(found) && found >= min && found <= max;
	return inRange ? [] : [`${field} is ${found} s; wanted a whole number from ${min} to ${max}${why}`];
}

function checkCodeRoot(codeRoot: string): string[] {
	const usable = codeRoot.startsWith('/') && !codeRoot.includes('\0');
	return usable ? [] : [`codeRoot is ${JSON.stringify(codeRoot)}; wanted an absolute path`];
}
