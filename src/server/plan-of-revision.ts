/** From what the catalog holds of a version to what its instances are made from. */

import type { FunctionRecord, ReservedRecord, RevisionRecord } from '../catalog/records.ts';
import type { Sealer } from '../catalog/sealer.ts';
import type { FunctionPlan } from '../config/function-plan.ts';
import { LIMITS } from '../contract/limits.ts';
import type { ScalingSettings } from '../contract/scaling-settings.ts';

export interface PlanSources {
	readonly function: FunctionRecord;
	readonly revision: RevisionRecord;
	/** Null: none. */
	readonly reserved: ReservedRecord | null;
	/** Absolute path of the unpacked code. */
	readonly codeRoot: string;
	readonly region: string;
	readonly sealer: Pick<Sealer, 'open'>;
	/** Absolute paths of the host that no function may see. */
	readonly hide: readonly string[];
}

export function planOfRevision(sources: PlanSources): FunctionPlan {
	const { function: owner, revision, sealer } = sources;
	const { config } = revision;
	return {
		function: {
			codeRoot: sources.codeRoot,
			name: owner.name,
			package: owner.package,
			version: revision.version,
			projectId: owner.project,
			region: sources.region,
			memoryMb: config.memory_size,
			timeoutSeconds: config.timeout,
			initTimeoutSeconds: config.initializer_timeout,
			environment: variables(config.user_data),
			secretEnvironment: variables(
				config.encrypted_user_data === '' ? '' : sealer.open(config.encrypted_user_data),
			),
			streamResponse: config.is_return_stream,
			strictEnvelope: false,
			// An agency is the cloud's: there is none here whose credentials could be sent.
			credentials: null,
		},
		sandbox: {
			tmpMb: config.ephemeral_storage,
			egress: {
				mode: 'open',
				allow: [],
				publicSource: null,
				disablePublicNetwork: config.disable_public_network,
			},
			interpreters: {},
			expose: [],
			hide: sources.hide,
		},
		scaling: scalingOf(sources),
		concurrentNumGiven: true,
		eager: false,
	};
}

function scalingOf({ revision, reserved }: PlanSources): ScalingSettings {
	const { concurrency, concurrent_num: requestsPerInstanceMax } = revision.config.strategy_config;
	return {
		instancesMax: concurrency,
		requestsPerInstanceMax,
		idleSeconds: LIMITS.idleSecondsDefault,
		idle: reserved?.idleMode === true ? 'freeze' : 'run',
		queueMax: LIMITS.queueDefault,
		queueSeconds: LIMITS.queueSecondsDefault,
		reserved: { count: reserved?.count ?? 0, tactics: tacticsOf(reserved) },
	};
}

/** `tactics_config` as the control plane judged it; metric tactics need a cloud's metrics and are kept only. */
function tacticsOf(reserved: ReservedRecord | null): ScalingSettings['reserved']['tactics'] {
	const configs = reserved?.tactics?.cron_configs;
	if (!Array.isArray(configs)) return [];
	return configs.map((entry: Record<string, unknown>) => ({
		name: String(entry.name),
		cron: String(entry.cron),
		count: Number(entry.count),
		startMs: Number(entry.start_time) * 1000,
		endMs: Number(entry.expired_time) * 1000,
	}));
}

function variables(text: string): Record<string, string> {
	return text === '' ? {} : (JSON.parse(text) as Record<string, string>);
}
