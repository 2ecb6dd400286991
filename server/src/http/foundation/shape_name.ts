/** Names of the shapes that the OpenAPI document makes of an operation: send_message has a SendMessageRequest. */
export function shapeName(operation: string, kind: 'Request' | 'Operation'): string {
  return operation.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase()) + kind;
}
