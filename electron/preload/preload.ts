import { contextBridge, ipcRenderer } from 'electron'
import { createBridge } from './bridge.ts'

contextBridge.exposeInMainWorld('spacepanda', createBridge(ipcRenderer, process.platform))
