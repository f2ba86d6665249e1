// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import org.jspecify.annotations.Nullable;

/**
 * An end of a flow, with what a decision reads of it in one place.
 *
 * @param end the end itself
 * @param pod the pod, if it is one with a network of its own
 * @param peer its number as a peer: ends of one number are the same to every policy
 */
record Party(Endpoint end, @Nullable IndexedPod pod, int peer) {

  static Party of(Endpoint end, Vocabulary vocabulary) {
    IndexedPod pod = end instanceof Endpoint.OfPod of ? of.pod() : null;
    return new Party(end, pod, vocabulary.numberOf(end));
  }
}
