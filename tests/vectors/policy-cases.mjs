// The vectors of policy.json: policy documents, good and bad.
export const policies = [];
