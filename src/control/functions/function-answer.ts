/** A version of a function as clients see it (documented: the function model). */
import type { JsonValue } from '../../catalog/function-config.ts';
import type { FunctionRecord, RevisionRecord } from '../../catalog/records.ts';
import { cpuMillicores } from '../../contract/environment.ts';
import type { ControlContext } from '../control-context.ts';
import { timeText } from '../time-text.ts';
import { urnOf } from '../urn-of.ts';
import { maskVariables } from './masked-variables.ts';

/** Seconds from which the platform calls a function a long one. */
const LONG_SECONDS = 900;

export function functionAnswer(
	{ region, sealer }: Pick<ControlContext, 'region' | 'sealer'>,
	owner: FunctionRecord,
	revision: RevisionRecord,
): Record<string, unknown> {
	const { project, package: app, name } = owner;
	const { config, code, version } = revision;
	const { kept, disable_public_network, encrypted_user_data, ...told } = config;
	const secrets = encrypted_user_data === '' ? '' : sealer.open(encrypted_user_data);
	return {
		depend_version_list: [],
		...kept,
		...told,
		network_controller: networkController(kept.network_controller, disable_public_network),
		encrypted_user_data: maskVariables(secrets),
		func_id: owner.resourceId,
		resource_id: owner.resourceId,
		func_urn: urnOf({ region }, owner, version),
		func_name: name,
		domain_id: project,
		namespace: project,
		project_name: region,
		package: app,
		cpu: cpuMillicores(config.memory_size),
		code_type: code.type,
		code_url: '',
		code_filename: code.filename,
		code_size: code.bytes,
		digest: code.digest,
		version,
		version_description: revision.description,
		image_name: imageName(revision),
		last_modified: timeText(revision.modifiedMs),
		long_time: config.timeout > LONG_SECONDS,
		allow_ephemeral_storage: true,
	};
}

/** `latest-191025153727@zehht` (observed): the version, when it changed, and some sign of its code. */
function imageName({ version, modifiedMs, code }: RevisionRecord): string {
	const time = new Date(modifiedMs).toISOString().replaceAll(/[-T:]/g, '').slice(2, 14);
	return `${version}-${time}@${code.digest.slice(0, 5)}`;
}

/** Null where none was given: Terraform would take any other for a change that somebody made. */
function networkController(kept: JsonValue | undefined, disable_public_network: boolean): object | null {
	const given = typeof kept === 'object' && kept !== null;
	if (!given && !disable_public_network) return null;
	return { trigger_access_vpcs: null, ...(given ? kept : {}), disable_public_network };
}
