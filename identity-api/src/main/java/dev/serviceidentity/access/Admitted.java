// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.access;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.Workload;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The request may go on. Immutable and thread-safe. */
public final class Admitted implements AccessDecision {
  private final String id;
  private final List<Caller> callers;
  private final @Nullable Workload workload;
  private final @Nullable Refusal tolerated;
  private final List<HeaderField> reply;
  private final @Nullable ServiceAccountName serviceAccount;

  private Admitted(
      String id,
      List<Caller> callers,
      @Nullable Workload workload,
      @Nullable Refusal tolerated,
      List<HeaderField> reply,
      @Nullable ServiceAccountName serviceAccount) {
    this.id = Objects.requireNonNull(id, "id");
    this.callers = List.copyOf(callers);
    this.workload = workload;
    this.tolerated = tolerated;
    this.reply = List.copyOf(reply);
    this.serviceAccount = serviceAccount;
    if (this.callers.isEmpty()) {
      throw new IllegalArgumentException("An admitted request has a caller");
    }
  }

  /**
   * An admission.
   *
   * @param id the decision's id
   * @param callers each verified credential's caller, at least one
   * @param workload the pod that the caller was bound to, or null where none was or several may own
   *     the address
   * @param tolerated the refusal that a report-only layer would have given, or null
   * @param reply field lines for the response
   * @return the decision
   */
  public static Admitted of(
      String id,
      List<Caller> callers,
      @Nullable Workload workload,
      @Nullable Refusal tolerated,
      List<HeaderField> reply) {
    return new Admitted(id, callers, workload, tolerated, reply, null);
  }

  /**
   * The same decision with the service account that the callers' names stand for.
   *
   * @param account whose workload calls
   * @return a new decision
   */
  public Admitted serviceAccount(ServiceAccountName account) {
    return new Admitted(
        id, callers, workload, tolerated, reply, Objects.requireNonNull(account, "account"));
  }

  @Override
  public String id() {
    return id;
  }

  /**
   * Who calls, by the first configured mechanism that proved it.
   *
   * @return never null
   */
  public Caller caller() {
    return callers.get(0);
  }

  /**
   * Who calls, once for each mechanism that proved it; all are the same workload.
   *
   * @return at least one
   */
  public List<Caller> callers() {
    return callers;
  }

  /**
   * The service account that the callers' names stand for.
   *
   * @return empty for people and whatever else is no workload of the cluster
   */
  public Optional<ServiceAccountName> serviceAccount() {
    return Optional.ofNullable(serviceAccount);
  }

  /**
   * The pod that calls, as the binding has established.
   *
   * @return empty where none was bound, also because that layer only reported, or where several
   *     pods may own the address
   */
  public Optional<Workload> workload() {
    return Optional.ofNullable(workload);
  }

  /**
   * The refusal that full enforcement would have given, because a layer is report-only.
   *
   * @return empty if every layer admitted
   */
  public Optional<Refusal> wouldHaveBeenRefused() {
    return Optional.ofNullable(tolerated);
  }

  @Override
  public String explanation() {
    String who = "admitted " + callers;
    String where = workload == null ? "" : " from " + workload.displayName();
    return tolerated == null
        ? who + where
        : who + where + ", but only because of report-only: " + tolerated.explanation();
  }

  @Override
  public List<HeaderField> reply() {
    return reply;
  }

  /** Returns the decision, its id and the callers. */
  @Override
  public String toString() {
    return "Admitted[" + id + " " + callers + "]";
  }
}
