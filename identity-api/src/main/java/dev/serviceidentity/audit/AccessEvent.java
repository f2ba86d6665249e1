// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.audit;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One decision about one caller, with everything that it was made from and no secret.
 *
 * <p>The JSON form is versioned and described by {@code docs/access-event.schema.json}. Immutable
 * and thread-safe.
 *
 * @param heading which event
 * @param own who decided
 * @param outcome what was decided
 * @param proof what the caller proved
 * @param source where the caller is
 * @param ruling what the network policies were
 * @param request what was asked for
 */
public record AccessEvent(
    Heading heading,
    Own own,
    Outcome outcome,
    Proof proof,
    Source source,
    Ruling ruling,
    Request request) {

  /** What was decided. */
  public enum Decision {
    /** The request went on. */
    ADMITTED,
    /** It did not. */
    REFUSED
  }

  /**
   * Which event.
   *
   * @param id the decision's id
   * @param sequence counts the events of one identity from 1 in the order in which the sink gets
   *     them; a gap tells how many events were lost
   * @param time when it was decided
   * @param duration how long deciding took
   * @param occurrences how many equal refusals of one second this stands for, 1 or more
   */
  public record Heading(
      String id, long sequence, Instant time, Duration duration, long occurrences) {}

  /**
   * Who decided.
   *
   * @param principals the own identities
   * @param pod the own pod as {@code namespace/name}, or null if it is not known
   * @param identityGeneration the sum of the own identities' generations, so that it grows at each
   *     rotation
   */
  public record Own(List<PrincipalId> principals, @Nullable String pod, long identityGeneration) {
    /**
     * Copies the list.
     *
     * @param principals the own identities
     * @param pod the own pod
     * @param identityGeneration the sum of generations
     */
    public Own {
      principals = List.copyOf(principals);
    }
  }

  /**
   * What was decided.
   *
   * @param decision admitted or refused
   * @param enforced false if a layer that reports only would have refused
   * @param layer the layer that refused or would have, or null
   * @param reason the stable code of the refusal, or null
   * @param detail the facts of this case; empty for a plain admission. Cut and marked with an
   *     ellipsis beyond 2048 characters
   */
  public record Outcome(
      Decision decision,
      boolean enforced,
      @Nullable Layer layer,
      @Nullable String reason,
      String detail) {
    /**
     * Caps the detail.
     *
     * @param decision admitted or refused
     * @param enforced false if a layer that reports only would have refused
     * @param layer the layer that refused or would have
     * @param reason the code of the refusal
     * @param detail the facts of this case
     */
    public Outcome {
      Objects.requireNonNull(decision, "decision");
      detail = EventText.capped(detail);
    }
  }

  /**
   * What the caller proved.
   *
   * @param mechanisms which evidence was there, verified or not
   * @param principals the names that were verified
   * @param fingerprints the credentials' fingerprints, never the credentials
   * @param ignored what looked like a proof and counted for nothing, such as a forwarding header
   *     from a peer that is not trusted to forward
   */
  public record Proof(
      List<MechanismName> mechanisms,
      List<PrincipalId> principals,
      List<String> fingerprints,
      List<String> ignored) {
    /**
     * Copies the lists and caps what is foreign in them.
     *
     * @param mechanisms which evidence was there
     * @param principals the verified names
     * @param fingerprints the credentials' fingerprints
     * @param ignored what counted for nothing
     */
    public Proof {
      mechanisms = List.copyOf(mechanisms);
      principals = List.copyOf(principals);
      fingerprints = EventText.capped(fingerprints);
      ignored = EventText.capped(ignored);
    }
  }

  /**
   * Where the caller is.
   *
   * @param socket the connection's remote address, or null where it is not known
   * @param effective the address that the request was judged by, or null
   * @param basis why that one, or null
   * @param forwardedBy the proxy or sidecar that passed the request on and vouches for the caller,
   *     or null if the caller proved itself
   * @param workloads the pods that own the address, or that the forwarded caller may be
   */
  public record Source(
      @Nullable String socket,
      @Nullable String effective,
      @Nullable String basis,
      @Nullable String forwardedBy,
      List<Workload> workloads) {
    /**
     * Copies the list.
     *
     * @param socket the connection's remote address
     * @param effective the address judged by
     * @param basis why that one
     * @param forwardedBy who passed the request on
     * @param workloads the pods
     */
    public Source {
      workloads = List.copyOf(workloads);
    }
  }

  /**
   * What the network policies were.
   *
   * @param rules the rules that decided, as {@code namespace/name ingress[0].from[1]}
   * @param viewVersion which view of the cluster decided, or null if none was asked
   * @param viewGeneration its generation, or 0
   * @param viewAge the time since it was last proven, or null
   */
  public record Ruling(
      List<String> rules,
      @Nullable String viewVersion,
      long viewGeneration,
      @Nullable Duration viewAge) {
    /**
     * Copies the list.
     *
     * @param rules the rules that decided
     * @param viewVersion which view decided
     * @param viewGeneration its generation
     * @param viewAge the time since it was proven
     */
    public Ruling {
      rules = List.copyOf(rules);
    }
  }

  /**
   * What was asked for.
   *
   * @param local the local address and port, or null before there was a request
   * @param protocol the transport protocol
   * @param method the HTTP method, or empty text; cut and marked beyond 2048 characters
   * @param path the path without query or its template, or empty text; cut and marked beyond 2048
   *     characters
   * @param trace the request's trace, or null
   */
  public record Request(
      @Nullable String local,
      Protocol protocol,
      String method,
      String path,
      @Nullable Trace trace) {
    /**
     * Caps what the caller chose.
     *
     * @param local the local address and port
     * @param protocol the transport protocol
     * @param method the HTTP method
     * @param path the path
     * @param trace the request's trace
     */
    public Request {
      Objects.requireNonNull(protocol, "protocol");
      method = EventText.capped(method);
      path = EventText.capped(path);
    }
  }

  /**
   * A trace by W3C Trace Context.
   *
   * @param traceId 32 hexadecimal digits
   * @param spanId 16 hexadecimal digits
   */
  public record Trace(String traceId, String spanId) {}

  /**
   * One readable line: decision, who, from where, and why if refused.
   *
   * @return text without line breaks and control characters
   */
  public String summary() {
    var text = new StringBuilder(outcome.decision().name());
    if (!outcome.enforced()) {
      text.append(" (report-only)");
    }
    text.append(' ').append(proof.principals()).append(" from ");
    text.append(
        source.socket() == null ? "an address that the container did not tell" : source.socket());
    if (source.forwardedBy() != null) {
      text.append(" forwarded by ").append(source.forwardedBy());
    }
    source.workloads().forEach(workload -> text.append(' ').append(workload.displayName()));
    if (outcome.reason() != null) {
      text.append(": ").append(outcome.layer()).append(' ').append(outcome.reason());
      text.append(": ").append(outcome.detail().lines().findFirst().orElse(""));
    }
    if (heading.occurrences() > 1) {
      text.append(" (").append(heading.occurrences()).append(" times)");
    }
    return EventText.visible(text.append(" [").append(heading.id()).append(']').toString());
  }
}
