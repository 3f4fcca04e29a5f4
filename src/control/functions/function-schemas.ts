/**
 * What a client sends of a function, and what it gets (documented: models of the API reference). Only shapes are judged here; which
 * values are allowed is judge-config's. Every field may be left out of an update: it keeps its value then.
 */
import * as z from 'zod/mini';

const text = () => z.optional(z.nullable(z.string()));
const number = () => z.optional(z.nullable(z.number()));
const flag = () => z.optional(z.nullable(z.boolean()));
const object = () => z.optional(z.nullable(z.record(z.string(), z.json())));

/** What can be set of a configuration, when a function is made and later. */
function configFields() {
	return {
		runtime: text(),
		timeout: number(),
		handler: text(),
		memory_size: number(),
		user_data: text(),
		encrypted_user_data: text(),
		xrole: text(),
		app_xrole: text(),
		description: text(),
		initializer_handler: text(),
		initializer_timeout: number(),
		ephemeral_storage: number(),
		enable_auth_in_header: flag(),
		is_return_stream: flag(),
		strategy_config: z.optional(
			z.nullable(z.looseObject({ concurrency: number(), concurrent_num: number() })),
		),
		network_controller: z.optional(z.nullable(z.looseObject({ disable_public_network: flag() }))),
		...Object.fromEntries(KEPT_OBJECTS.map((name) => [name, object()])),
	};
}

/** Kept and told again, and nothing else (documented fields that have no meaning outside the cloud). */
const KEPT_OBJECTS = ['func_vpc', 'mount_config', 'log_config', 'custom_image', 'lts_custom_tag'] as const;
export const KEPT_FIELDS = [
	...KEPT_OBJECTS,
	'network_controller',
	'depend_version_list',
	'gpu_memory',
	'gpu_type',
	'pre_stop_handler',
	'pre_stop_timeout',
	'enterprise_project_id',
	'type',
	'is_stateful_function',
	'enable_dynamic_memory',
	'enable_lts_log',
	'user_data_encrypt_kms_key_id',
	'code_encrypt_kms_key_id',
	'domain_names',
	'peering_cidr',
	'extend_config',
	'restore_hook_handler',
	'restore_hook_timeout',
	'heartbeat_handler',
	'enable_class_isolation',
] as const;

function codeFields() {
	return {
		code_type: text(),
		code_url: text(),
		code_filename: text(),
		func_code: z.optional(z.nullable(z.looseObject({ file: text(), link: text() }))),
	};
}

export function createFunctionSchema() {
	return z.looseObject({ func_name: z.string(), package: text(), ...configFields(), ...codeFields() });
}

export function updateConfigSchema() {
	return z.looseObject(configFields());
}

export function updateCodeSchema() {
	return z.looseObject(codeFields());
}

export type ConfigBody = z.output<ReturnType<typeof updateConfigSchema>>;
export type CodeBody = z.output<ReturnType<typeof updateCodeSchema>>;
export type CreateFunctionBody = z.output<ReturnType<typeof createFunctionSchema>>;

/** A version of a function, whole: answers of create, of configuration, of versions. */
export function functionSchema() {
	return z.looseObject({
		func_id: z.string(),
		resource_id: z.string(),
		func_urn: z.string(),
		func_name: z.string(),
		domain_id: z.string(),
		namespace: z.string(),
		project_name: z.string(),
		package: z.string(),
		runtime: z.enum(['http', 'Custom']),
		timeout: z.number(),
		handler: z.string(),
		memory_size: z.number(),
		cpu: z.number(),
		code_type: z.enum(['inline', 'zip', 'jar']),
		code_url: z.string(),
		code_filename: z.string(),
		code_size: z.number(),
		user_data: z.string(),
		encrypted_user_data: z.string(),
		digest: z.string(),
		version: z.string(),
		version_description: z.string(),
		image_name: z.string(),
		xrole: z.string(),
		app_xrole: z.string(),
		description: z.string(),
		last_modified: z.string(),
		strategy_config: z.object({ concurrency: z.number(), concurrent_num: z.number() }),
		initializer_handler: z.string(),
		initializer_timeout: z.number(),
		long_time: z.boolean(),
		ephemeral_storage: z.number(),
		is_return_stream: z.boolean(),
		enable_auth_in_header: z.boolean(),
		depend_version_list: z.array(z.string()),
	});
}

export function functionPageSchema() {
	return z.object({ functions: z.array(functionSchema()), next_marker: z.number(), count: z.number() });
}

export function codeSchema() {
	return z.object({
		func_urn: z.string(),
		func_name: z.string(),
		domain_id: z.string(),
		runtime: z.string(),
		code_type: z.string(),
		code_url: z.string(),
		code_filename: z.string(),
		code_size: z.number(),
		digest: z.string(),
		last_modified: z.string(),
		func_code: z.object({ file: z.string(), link: z.string() }),
		depend_version_list: z.array(z.string()),
		strategy_config: z.object({ concurrency: z.number(), concurrent_num: z.number() }),
	});
}
