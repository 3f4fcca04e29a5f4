/**
 * What a client sends of a function, and what it gets (documented: models of the API reference). Only shapes are judged here; which
 * values are allowed is judge-config's. Every field may be left out of an update: it keeps its value then.
 */
import * as z from 'zod/mini';
import { CODE_TYPES } from '../../catalog/records.ts';
import {
	optionalFlag,
	optionalNumber,
	optionalObject,
	optionalText,
	text,
	wanted,
} from '../models/fields.ts';
import { descriptionText } from '../models/judge-description.ts';

/** Characters of variables as JSON, and of a kept text that holds JSON (ours). */
const VARIABLES_CHARS_MAX = 65_536;
const KEPT_TEXT_CHARS_MAX = 8192;
/** Characters of a file's name. */
const FILENAME_CHARS_MAX = 255;
/** Dependencies that a function names, which httpfn only keeps (ours). */
const DEPENDENCIES_MAX = 20;

function dependencies() {
	const bound = z.maxLength(DEPENDENCIES_MAX, wanted(`at most ${DEPENDENCIES_MAX} dependencies`));
	return z.optional(z.nullable(z.array(text(), wanted('a list of texts')).check(bound)));
}

/** What can be set of a configuration, when a function is made and later. */
function configFields() {
	return {
		runtime: optionalText(),
		timeout: optionalNumber(),
		handler: optionalText(),
		memory_size: optionalNumber(),
		user_data: optionalText(VARIABLES_CHARS_MAX),
		encrypted_user_data: optionalText(VARIABLES_CHARS_MAX),
		xrole: optionalText(),
		app_xrole: optionalText(),
		description: descriptionText(),
		initializer_handler: optionalText(),
		initializer_timeout: optionalNumber(),
		ephemeral_storage: optionalNumber(),
		enable_auth_in_header: optionalFlag(),
		is_return_stream: optionalFlag(),
		strategy_config: z.optional(
			z.nullable(
				z.looseObject(
					{ concurrency: optionalNumber(), concurrent_num: optionalNumber() },
					wanted('an object'),
				),
			),
		),
		network_controller: z.optional(
			z.nullable(z.looseObject({ disable_public_network: optionalFlag() }, wanted('an object'))),
		),
		...keptFields(),
	};
}

/** Kept and told again, and nothing else (documented fields that have no meaning outside the cloud). */
function keptFields() {
	return {
		func_vpc: optionalObject(),
		mount_config: optionalObject(),
		log_config: optionalObject(),
		custom_image: optionalObject(),
		lts_custom_tag: optionalObject(),
		depend_version_list: dependencies(),
		gpu_memory: optionalNumber(),
		gpu_type: optionalText(),
		pre_stop_handler: optionalText(),
		pre_stop_timeout: optionalNumber(),
		enterprise_project_id: optionalText(),
		type: optionalText(),
		is_stateful_function: optionalFlag(),
		enable_dynamic_memory: optionalFlag(),
		enable_lts_log: optionalFlag(),
		user_data_encrypt_kms_key_id: optionalText(),
		code_encrypt_kms_key_id: optionalText(),
		domain_names: optionalText(KEPT_TEXT_CHARS_MAX),
		peering_cidr: optionalText(),
		extend_config: optionalText(KEPT_TEXT_CHARS_MAX),
		restore_hook_handler: optionalText(),
		restore_hook_timeout: optionalNumber(),
		heartbeat_handler: optionalText(),
		enable_class_isolation: optionalFlag(),
	};
}

/** `network_controller` is looked into, and kept for the rest of it. */
export const keptFieldNames = (): readonly string[] => [...Object.keys(keptFields()), 'network_controller'];

function codeFields() {
	return {
		code_type: optionalText(),
		code_url: optionalText(),
		code_filename: optionalText(FILENAME_CHARS_MAX),
		func_code: z.optional(
			z.nullable(
				z.looseObject(
					{ file: z.optional(z.nullable(z.string(wanted('a text')))), link: optionalText() },
					wanted('an object'),
				),
			),
		),
	};
}

export function createFunctionSchema() {
	return z.looseObject({
		func_name: text(),
		package: optionalText(),
		...configFields(),
		...codeFields(),
	});
}

export function updateConfigSchema() {
	return z.looseObject(configFields());
}

export function updateCodeSchema() {
	return z.looseObject({ ...codeFields(), depend_version_list: dependencies() });
}

export type ConfigBody = z.output<ReturnType<typeof updateConfigSchema>>;
export type CodeBody = z.output<z.ZodMiniObject<ReturnType<typeof codeFields>, z.core.$loose>>;
export type UpdateCodeBody = z.output<ReturnType<typeof updateCodeSchema>>;
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
		code_type: z.enum(CODE_TYPES),
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
