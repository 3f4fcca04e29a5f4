import { TRUSTED_KEY_FILE, TRUSTED_KEY_VARIABLE } from '../../config/trusted-keys.ts';
import { ownOption } from '../command-options.ts';

export const TRUSTED_KEY_OPTION = ownOption(
	'--trusted-key',
	'FILE',
	'Trust',
	`Run nothing that is not signed with the private key of one of these public keys (PEM). ${TRUSTED_KEY_FILE} holds as well where it is there.`,
	{ fallbackText: TRUSTED_KEY_VARIABLE },
);
