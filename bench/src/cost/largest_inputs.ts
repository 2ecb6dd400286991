/**
 * The largest allowed input of each operation, by its operationId; routes that the OpenAPI document leaves out stand with
 * their method and URL. A test compares the names with the route table of the server, so none can be forgotten.
 */
import { adminInputs, pageInputs } from './admin_inputs.js';
import { conversationInputs, messageInputs } from './app_inputs.js';
import type { Inputs } from './largest_input.js';
import { badgeInputs, genesysInputs, userInputs } from './user_inputs.js';

/** In the order in which they are measured: deleting comes last. */
export const largestInputs: Inputs = {
  ...badgeInputs,
  ...messageInputs,
  ...userInputs,
  ...genesysInputs,
  ...conversationInputs,
  ...pageInputs,
  ...adminInputs,
};
