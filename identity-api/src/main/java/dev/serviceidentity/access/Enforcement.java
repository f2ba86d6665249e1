// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.access;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * How strictly the layers are enforced. Everything is, except where a layer is told to report only,
 * until an instant that must be given: then it ends by itself.
 *
 * <p>Only {@link Layer#BINDING} and {@link Layer#NETWORK} can report only; who a caller is and
 * whether he may call is never merely reported. Immutable and thread-safe.
 *
 * @param reportOnlyUntil for each layer that reports only, the instant from which it is enforced
 */
public record Enforcement(Map<Layer, Instant> reportOnlyUntil) {
  /**
   * Checks the layers.
   *
   * @param reportOnlyUntil the layers that report only, each with its end
   * @throws IllegalArgumentException if a layer is named that is always enforced
   */
  public Enforcement {
    reportOnlyUntil = Map.copyOf(reportOnlyUntil);
    if (reportOnlyUntil.containsKey(Layer.IDENTITY) || reportOnlyUntil.containsKey(Layer.CALLER)) {
      throw new IllegalArgumentException("Only the layers BINDING and NETWORK can report only");
    }
  }

  /**
   * Enforces every layer.
   *
   * @return the default
   */
  public static Enforcement enforce() {
    return new Enforcement(Map.of());
  }

  /**
   * Lets one layer report only.
   *
   * @param layer {@link Layer#BINDING} or {@link Layer#NETWORK}
   * @param until the instant from which it is enforced
   * @return enforcement of all other layers
   * @throws IllegalArgumentException for the other layers
   */
  public static Enforcement reportOnly(Layer layer, Instant until) {
    return new Enforcement(Map.of(layer, until));
  }

  /**
   * The same, with one more layer that reports only.
   *
   * @param layer {@link Layer#BINDING} or {@link Layer#NETWORK}
   * @param until the instant from which it is enforced
   * @return a new value
   */
  public Enforcement andReportOnly(Layer layer, Instant until) {
    Map<Layer, Instant> more = new EnumMap<>(Layer.class);
    more.putAll(reportOnlyUntil);
    more.put(layer, until);
    return new Enforcement(more);
  }

  /**
   * Tells whether a layer reports only.
   *
   * @param layer the layer
   * @param now the time to ask about
   * @return true until its end
   */
  public boolean isReportOnly(Layer layer, Instant now) {
    Instant until = reportOnlyUntil.get(layer);
    return until != null && now.isBefore(until);
  }
}
