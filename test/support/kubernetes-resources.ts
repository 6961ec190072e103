import type { IEnvVar } from "kubernetes-models/v1/EnvVar";
import type { IResourceRequirements } from "kubernetes-models/v1/ResourceRequirements";
import type { ITopologySpreadConstraint } from "kubernetes-models/v1/TopologySpreadConstraint";
import type { INetworkPolicyPeer } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicyPeer";

/** The fields of custom resources that `deploy/kubernetes` uses, from the definitions of their operators. */

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** https://github.com/restatedev/restate-operator, 2.9 */
export interface IRestateCluster {
  readonly apiVersion: "restate.dev/v1";
  readonly kind: "RestateCluster";
  readonly metadata: Metadata;
  readonly spec: {
    readonly clusterName?: string;
    readonly cluster?: { readonly autoProvision?: boolean };
    readonly compute: {
      readonly image: string;
      readonly replicas?: number;
      readonly terminationGracePeriodSeconds?: number;
      readonly resources?: IResourceRequirements;
      readonly topologySpreadConstraints?: readonly ITopologySpreadConstraint[];
      readonly env?: readonly IEnvVar[];
    };
    readonly storage: { readonly storageRequestBytes: number; readonly storageClassName?: string };
    readonly security?: {
      readonly requestSigningPrivateKey?: {
        readonly version: "v1";
        readonly secret: { readonly secretName: string; readonly key: string };
      };
      readonly networkPeers?: Readonly<
        Partial<Record<"ingress" | "admin" | "node", readonly INetworkPolicyPeer[]>>
      >;
    };
    readonly config?: string;
  };
}

/** https://prometheus-operator.dev/docs/api-reference/api/ */
export interface IServiceMonitor {
  readonly apiVersion: "monitoring.coreos.com/v1";
  readonly kind: "ServiceMonitor";
  readonly metadata: Metadata;
  readonly spec: {
    readonly jobLabel?: string;
    readonly selector: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly endpoints: readonly {
      readonly port?: string;
      readonly path?: string;
      readonly interval?: string;
      readonly authorization?: { readonly credentials: { readonly name: string; readonly key: string } };
    }[];
  };
}

export interface IPrometheusRule {
  readonly apiVersion: "monitoring.coreos.com/v1";
  readonly kind: "PrometheusRule";
  readonly metadata: Metadata;
  readonly spec: {
    readonly groups: readonly {
      readonly name: string;
      readonly rules: readonly {
        readonly alert: string;
        readonly expr: string;
        readonly for?: string;
        readonly labels?: Readonly<Record<string, string>>;
        readonly annotations?: Readonly<Record<string, string>>;
      }[];
    }[];
  };
}

/** https://gateway-api.sigs.k8s.io/reference/spec/ */
export interface IHTTPRoute {
  readonly apiVersion: "gateway.networking.k8s.io/v1";
  readonly kind: "HTTPRoute";
  readonly metadata: Metadata;
  readonly spec: {
    readonly parentRefs?: readonly { readonly name: string; readonly namespace?: string }[];
    readonly hostnames?: readonly string[];
    readonly rules: readonly {
      readonly matches?: readonly {
        readonly path?: { readonly type?: "PathPrefix"; readonly value?: string };
      }[];
      readonly timeouts?: { readonly request?: string };
      readonly backendRefs?: readonly { readonly name: string; readonly port?: number }[];
    }[];
  };
}
