/** From judged values to the plan of a function. */
import path from 'node:path';
import { LIMITS } from '../contract/limits.ts';
import type { SandboxSettings } from '../contract/sandbox-settings.ts';
import type { ScalingSettings } from '../contract/scaling-settings.ts';
import { credentialsOf } from './credentials-of.ts';
import { egressSettings } from './egress-settings.ts';
import type { FunctionPlan } from './function-plan.ts';
import { reservedInstances } from './reserved-instances.ts';
import type { SettingValues } from './schema.ts';

export interface PlanParts {
	/** Absolute path of the folder that holds `bootstrap`. */
	readonly codeRoot: string;
	/** Used where the values have no name. */
	readonly name: string;
	readonly environment: Readonly<Record<string, string>>;
	/** What relative paths in `expose` are relative to. */
	readonly exposeFolder: string;
	/** Absolute paths that no function may see. */
	readonly hide: readonly string[];
}

export function makePlan(values: SettingValues, parts: PlanParts): FunctionPlan {
	return {
		function: {
			codeRoot: parts.codeRoot,
			name: values.name ?? parts.name,
			package: values.package,
			version: values.version,
			projectId: values.projectId,
			region: values.region,
			memoryMb: values.memory,
			timeoutSeconds: values.timeout,
			initTimeoutSeconds: values.initTimeout,
			environment: parts.environment,
			streamResponse: values.stream,
			strictEnvelope: values.strictEnvelope,
			credentials: values.enableAuthInHeader ? credentialsOf(values) : null,
		},
		sandbox: sandboxOf(values, parts),
		scaling: scalingOf(values),
		concurrentNumGiven: values.concurrentNum !== undefined,
		eager: values.eager,
	};
}

function sandboxOf(values: SettingValues, { exposeFolder, hide }: PlanParts): SandboxSettings {
	return {
		tmpMb: values.tmp,
		egress: egressSettings(values.egress),
		interpreters: values.interpreters,
		expose: values.expose.map((entry) => path.resolve(exposeFolder, entry)),
		hide,
	};
}

function scalingOf(values: SettingValues): ScalingSettings {
	return {
		instancesMax: values.concurrency,
		requestsPerInstanceMax: values.concurrentNum ?? LIMITS.requestsPerInstanceDefault,
		idleSeconds: values.idleTimeout,
		idle: values.idle,
		queueMax: values.queue,
		queueSeconds: values.queueTimeout,
		reserved: reservedInstances(values.reserved),
	};
}
