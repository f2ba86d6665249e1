// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

/** An end of a flow, with its number as a peer: ends of one number are the same to every policy. */
record Party(Endpoint end, int peer) {

  static Party of(Endpoint end, Vocabulary vocabulary) {
    return new Party(end, vocabulary.numberOf(end));
  }
}
