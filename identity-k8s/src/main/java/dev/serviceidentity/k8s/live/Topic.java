// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.cluster.LiveObject;
import dev.serviceidentity.k8s.cluster.LiveObject.Doubts;
import dev.serviceidentity.k8s.cluster.LiveObjects;
import dev.serviceidentity.k8s.policy.PolicyEngine;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One resource, and what is made of its objects.
 *
 * @param resource what is listed and watched
 * @param mapping what an object says
 * @param part how what it says goes into an engine; null if no step can follow it
 * @param unseen what is in doubt while the resource may not be seen, by the words for it
 * @param <F> the type of the facts
 */
record Topic<F>(
    Resource resource,
    Function<Map<String, Object>, LiveObject<F>> mapping,
    @Nullable Part<F> part,
    Function<String, Doubts> unseen) {
  private static final System.Logger LOG = System.getLogger(Topic.class.getName());

  /** What an object says. One that the mapping does not bear is not seen, and reported by name. */
  LiveObject<F> map(Map<String, Object> json) {
    try {
      return mapping.apply(json);
    } catch (RuntimeException e) {
      // Whatever it is, one object must not end the watch of all others.
      String what = resource.kind() + " " + LiveObjects.pathOf(json) + " in the cluster";
      LOG.log(Level.ERROR, what + " cannot be read", e);
      return new LiveObject<>(
          LiveObjects.pathOf(json), null, unseen.apply(what + ", which cannot be read: " + e));
    }
  }

  /** How facts of a kind come into an engine, and go. */
  interface Part<F> {
    PolicyEngine with(PolicyEngine engine, F facts);

    PolicyEngine without(PolicyEngine engine, F facts);
  }
}
